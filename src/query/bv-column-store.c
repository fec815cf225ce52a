/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which encoded tables there are, and the one thread that makes more.
 *
 * An entry is good for one version of a table's rows, one time zone (days of instants are local) and one order of rows, by the table's main time field in
 * the model. A table's present version is asked of the project's catalogue, at most once per commit. The store keeps at most MAX_BYTES, the tables asked
 * for longest ago going first; a table that a query still uses lives on until that is done.
 *
 * Cost: asking for a table is a look into a hash table; making one reads its rows, at some million a second.
 */
#include "config.h"

#include "bv-column-store.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* How far behind the interface and other programs the background stands. */
#define BACKGROUND_NICE 4
#define MAX_BYTES (G_GUINT64_CONSTANT (3) << 30)

typedef struct
{
  char *name;
  char *zone;
  char *order;           /* a column's name, or "" */
  guint64 version;
  BvEncodedTable *table; /* NULL: it could not be encoded; not tried again */
  guint64 used;
} Entry;

struct _BvColumnStore
{
  int ref_count;
  GMutex mutex;
  GCond cond;
  GPtrArray *entries;     /* Entry */
  GHashTable *versions;   /* table name -> guint64*: as of @as_of */
  guint64 as_of;
  BvModel *model;         /* (nullable): that @orders are of */
  GHashTable *orders;     /* table name -> char* */
  GHashTable *pending;    /* "name\nzone\norder" -> Job*: the last one queued or worked on */
  GThreadPool *pool;
  gboolean closed;
  struct _Job *running;   /* (nullable) */
  char *problem;
  void (*notify) (gpointer data);
  gpointer notify_data;
  guint64 clock;
};

typedef struct _Job
{
  BvColumnStore *store; /* outlives its jobs: closing waits for them */
  guint64 version;      /* that was asked for */
  GCancellable *cancellable;
  BvColumnProgress progress;
  BvProject *project;
  char *name;
  char *order;
  BvCalendar *calendar;
  char *key;
} Job;

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->name);
  g_free (entry->zone);
  g_free (entry->order);
  bv_encoded_table_unref (entry->table);
  g_free (entry);
}

static void run_job (gpointer data, gpointer unused);

BvColumnStore *
bv_column_store_new (void)
{
  BvColumnStore *self = g_new0 (BvColumnStore, 1);

  self->ref_count = 1;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->entries = g_ptr_array_new_with_free_func (entry_free);
  self->versions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->orders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->pending = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->as_of = G_MAXUINT64;
  return self;
}

BvColumnStore *
bv_column_store_ref (BvColumnStore *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
bv_column_store_close (BvColumnStore *self)
{
  GThreadPool *pool;
  GHashTableIter iter;
  gpointer job;

  g_mutex_lock (&self->mutex);
  self->closed = TRUE;
  pool = g_steal_pointer (&self->pool);
  g_hash_table_iter_init (&iter, self->pending);
  while (g_hash_table_iter_next (&iter, NULL, &job))
    g_cancellable_cancel (((Job *) job)->cancellable);
  g_mutex_unlock (&self->mutex);
  if (pool != NULL)
    g_thread_pool_free (pool, FALSE, TRUE);
}

void
bv_column_store_unref (BvColumnStore *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->ref_count))
    return;
  bv_column_store_close (self);
  g_ptr_array_unref (self->entries);
  g_hash_table_unref (self->versions);
  g_hash_table_unref (self->orders);
  g_hash_table_unref (self->pending);
  g_clear_pointer (&self->model, bv_model_unref);
  g_free (self->problem);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self);
}

void
bv_column_store_wait (BvColumnStore *self)
{
  g_mutex_lock (&self->mutex);
  while (g_hash_table_size (self->pending) > 0)
    g_cond_wait (&self->cond, &self->mutex);
  g_mutex_unlock (&self->mutex);
}

/* --- Entries, with the lock held -------------------------------------------------------------------------------------------------- */

static Entry *
find_entry (BvColumnStore *self, const char *name, const char *zone)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = self->entries->pdata[i];

      if (strcmp (entry->name, name) == 0 && strcmp (entry->zone, zone) == 0)
        return entry;
    }
  return NULL;
}

static void
evict (BvColumnStore *self, const Entry *keep)
{
  for (;;)
    {
      guint64 bytes = 0;
      Entry *oldest = NULL;

      for (guint i = 0; i < self->entries->len; i++)
        {
          Entry *entry = self->entries->pdata[i];

          bytes += entry->table != NULL ? bv_encoded_table_size (entry->table) : 0;
          if (entry != keep && entry->table != NULL && (oldest == NULL || entry->used < oldest->used))
            oldest = entry;
        }
      if (bytes <= MAX_BYTES || oldest == NULL)
        return;
      g_ptr_array_remove (self->entries, oldest);
    }
}

/* @table: (transfer full) (nullable) */
static void
put_entry (BvColumnStore *self, const char *name, const char *zone, const char *order, guint64 version, BvEncodedTable *table)
{
  Entry *entry = find_entry (self, name, zone);

  if (entry == NULL)
    {
      entry = g_new0 (Entry, 1);
      entry->name = g_strdup (name);
      entry->zone = g_strdup (zone);
      g_ptr_array_add (self->entries, entry);
    }
  bv_encoded_table_unref (entry->table);
  g_free (entry->order);
  entry->order = g_strdup (order);
  entry->table = table;
  entry->version = version;
  entry->used = ++self->clock;
  evict (self, entry);
}

/* --- Versions ---------------------------------------------------------------------------------------------------------------------- */

/* The version of a table's rows now; 0 when it cannot be had. */
static guint64
present_version (BvColumnStore *self, BvProject *project, const char *name)
{
  guint64 as_of = bv_project_get_version (project);
  gboolean trusted = !bv_project_is_read_only (project); /* another process may write what is read-only here */
  guint64 version = 0;
  guint64 *known;
  g_autoptr(BvTableInfo) info = NULL;

  g_mutex_lock (&self->mutex);
  if (self->as_of != as_of || !trusted)
    {
      g_hash_table_remove_all (self->versions);
      self->as_of = as_of;
    }
  known = g_hash_table_lookup (self->versions, name);
  version = known != NULL ? *known : 0;
  g_mutex_unlock (&self->mutex);
  if (version != 0)
    return version;
  info = bv_project_get_table (project, name, NULL);
  if (info == NULL)
    return 0;
  g_mutex_lock (&self->mutex);
  /* Only what was read after the commit that it is filed under. */
  if (self->as_of == as_of && bv_project_get_version (project) == as_of)
    g_hash_table_replace (self->versions, g_strdup (name), g_memdup2 (&info->version, sizeof info->version));
  g_mutex_unlock (&self->mutex);
  return info->version;
}

/* --- Order ------------------------------------------------------------------------------------------------------------------------- */

/* Adds to the votes of the table's fields that a name in an exploration stands for. */
static void
vote (BvModel *model, BvExploration *exploration, const char *name, BvTable *table, guint *votes, guint weight)
{
  BvField *field = bv_exploration_resolve_field (exploration, model, name, NULL, NULL, NULL);

  for (guint i = 0; field != NULL && i < table->fields->len; i++)
    if (table->fields->pdata[i] == field)
      votes[i] += weight;
}

char *
bv_column_main_time (BvModel *model, const char *name)
{
  BvTable *table = bv_model_find_table (model, name);
  g_autofree guint *votes = NULL;
  BvField *best = NULL;
  guint most = 0;

  if (table == NULL)
    return NULL;
  votes = g_new0 (guint, table->fields->len + 1);
  for (guint e = 0; e < model->explorations->len; e++)
    {
      BvExploration *exploration = model->explorations->pdata[e];

      if (exploration->time_field != NULL)
        vote (model, exploration, exploration->time_field, table, votes, 1 << 16);
      for (guint d = 0; d < exploration->dimensions->len; d++)
        vote (model, exploration, ((BvDimension *) exploration->dimensions->pdata[d])->field, table, votes, 1);
    }
  for (guint i = 0; i < table->fields->len; i++)
    {
      BvField *field = table->fields->pdata[i];

      if (bv_type_is_time (field->type) && (best == NULL || votes[i] > most))
        {
          best = field;
          most = votes[i];
        }
    }
  return best != NULL ? g_strdup (best->name) : NULL;
}

/* The main time field or "". (transfer full) */
static char *
find_order (BvColumnStore *self, BvModel *model, const char *name)
{
  char *order = NULL;

  g_mutex_lock (&self->mutex);
  if (self->model != model)
    {
      g_clear_pointer (&self->model, bv_model_unref);
      self->model = bv_model_ref (model);
      g_hash_table_remove_all (self->orders);
    }
  order = g_strdup (g_hash_table_lookup (self->orders, name));
  g_mutex_unlock (&self->mutex);
  if (order != NULL)
    return order;
  order = bv_column_main_time (model, name);
  if (order == NULL)
    order = g_strdup ("");
  g_mutex_lock (&self->mutex);
  if (self->model == model)
    g_hash_table_replace (self->orders, g_strdup (name), g_strdup (order));
  g_mutex_unlock (&self->mutex);
  return order;
}

/* --- Background -------------------------------------------------------------------------------------------------------------------- */

static void
notify (BvColumnStore *self)
{
  void (*func) (gpointer data);
  gpointer data;

  g_mutex_lock (&self->mutex);
  func = self->notify;
  data = self->notify_data;
  g_mutex_unlock (&self->mutex);
  if (func != NULL)
    func (data);
}

static void
run_job (gpointer data, gpointer unused)
{
  Job *job = data;
  BvColumnStore *self = job->store;
  g_autoptr(GError) error = NULL;
  g_autofree char *problem = NULL;
  guint64 version = 0;
  BvEncodedTable *table = NULL;

  /* The pool's only thread, and those that it starts, which inherit this. */
  setpriority (PRIO_PROCESS, (id_t) syscall (SYS_gettid), BACKGROUND_NICE);
  if (!g_cancellable_is_cancelled (job->cancellable))
    {
      g_mutex_lock (&self->mutex);
      self->running = job;
      g_mutex_unlock (&self->mutex);
      notify (self);
      table = bv_column_encode (job->project, job->name, job->calendar, job->order, &version, &job->progress, &problem, job->cancellable, &error);
    }
  g_mutex_lock (&self->mutex);
  self->running = NULL;
  if (version != 0 && !g_cancellable_is_cancelled (job->cancellable))
    {
      put_entry (self, job->name, bv_calendar_get_time_zone (job->calendar), job->order, version, table);
      g_free (self->problem);
      self->problem = g_steal_pointer (&problem);
    }
  else
    bv_encoded_table_unref (table);
  /* It may have been replaced by one for newer rows. */
  if (g_hash_table_lookup (self->pending, job->key) == job)
    g_hash_table_remove (self->pending, job->key);
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
  notify (self);
  bv_project_unref (job->project);
  bv_calendar_unref (job->calendar);
  g_object_unref (job->cancellable);
  g_free (job->name);
  g_free (job->order);
  g_free (job->key);
  g_free (job);
}

/* With the lock held. Work for rows that are no more the table's is broken off. */
static void
request_table (BvColumnStore *self, BvProject *project, const char *name, BvCalendar *calendar, const char *order, guint64 version)
{
  g_autofree char *key = g_strconcat (name, "\n", bv_calendar_get_time_zone (calendar), "\n", order, NULL);
  Job *job = g_hash_table_lookup (self->pending, key);

  if (self->closed || (job != NULL && job->version == version))
    return;
  if (job != NULL)
    g_cancellable_cancel (job->cancellable);
  if (self->pool == NULL)
    self->pool = g_thread_pool_new (run_job, NULL, 1, TRUE, NULL);
  job = g_new0 (Job, 1);
  job->store = self;
  job->version = version;
  job->cancellable = g_cancellable_new ();
  job->project = bv_project_ref (project);
  job->name = g_strdup (name);
  job->order = g_strdup (order);
  job->calendar = bv_calendar_ref (calendar);
  job->key = g_strdup (key);
  g_hash_table_replace (self->pending, g_steal_pointer (&key), job);
  g_thread_pool_push (self->pool, job, NULL);
}

void
bv_column_state_clear (BvColumnState *state)
{
  g_clear_pointer (&state->table, g_free);
  g_clear_pointer (&state->problem, g_free);
}

BvColumnState
bv_column_store_get_state (BvColumnStore *self)
{
  BvColumnState state = { NULL, 0, 0, NULL };

  g_mutex_lock (&self->mutex);
  state.n_waiting = g_hash_table_size (self->pending);
  if (self->running != NULL)
    {
      guint64 n_rows = __atomic_load_n (&self->running->progress.n_rows, __ATOMIC_RELAXED);
      guint64 n_done = __atomic_load_n (&self->running->progress.n_done, __ATOMIC_RELAXED);

      state.table = g_strdup (self->running->name);
      state.fraction = n_rows > 0 ? MIN ((double) n_done / (double) n_rows, 1) : 0;
      if (g_hash_table_lookup (self->pending, self->running->key) == self->running)
        state.n_waiting--;
    }
  state.problem = g_strdup (self->problem);
  g_mutex_unlock (&self->mutex);
  return state;
}

void
bv_column_store_set_notify (BvColumnStore *self, void (*func) (gpointer data), gpointer data)
{
  g_mutex_lock (&self->mutex);
  self->notify = func;
  self->notify_data = data;
  g_mutex_unlock (&self->mutex);
}

BvEncodedTable *
bv_column_store_get (BvColumnStore *self, BvProject *project, const char *name, BvModel *model, gboolean request)
{
  g_autofree char *order = find_order (self, model, name);
  guint64 version = present_version (self, project, name);
  BvEncodedTable *table = NULL;
  Entry *entry;

  if (version == 0)
    return NULL;
  g_mutex_lock (&self->mutex);
  entry = find_entry (self, name, bv_calendar_get_time_zone (model->calendar));
  if (entry != NULL && entry->table != NULL && bv_encoded_table_is_damaged (entry->table))
    {
      g_ptr_array_remove (self->entries, entry);
      entry = NULL;
    }
  if (entry != NULL && entry->version == version && strcmp (entry->order, order) == 0)
    {
      entry->used = ++self->clock;
      table = entry->table != NULL ? bv_encoded_table_ref (entry->table) : NULL;
    }
  else if (request)
    request_table (self, project, name, model->calendar, order, version);
  g_mutex_unlock (&self->mutex);
  return table;
}

BvEncodedTable *
bv_column_store_make (BvColumnStore *self, BvProject *project, const char *name, BvModel *model, GCancellable *cancellable, GError **error)
{
  BvEncodedTable *table = bv_column_store_get (self, project, name, model, FALSE);
  g_autofree char *order = find_order (self, model, name);
  guint64 version = 0;

  if (table != NULL)
    return table;
  table = bv_column_encode (project, name, model->calendar, order, &version, NULL, NULL, cancellable, error);
  if (table == NULL)
    return NULL;
  g_mutex_lock (&self->mutex);
  put_entry (self, name, bv_calendar_get_time_zone (model->calendar), order, version, bv_encoded_table_ref (table));
  g_mutex_unlock (&self->mutex);
  return table;
}

void
bv_column_store_put (BvColumnStore *self, const char *table, BvCalendar *calendar, const char *order, guint64 version, BvEncodedTable *encoded)
{
  g_mutex_lock (&self->mutex);
  if (!self->closed)
    put_entry (self, table, bv_calendar_get_time_zone (calendar), order != NULL ? order : "", version, bv_encoded_table_ref (encoded));
  g_mutex_unlock (&self->mutex);
}
