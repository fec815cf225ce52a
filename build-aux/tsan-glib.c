/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells ThreadSanitizer what GLib's locks do.
 *
 * GLib is not built for thread checkers: its mutexes are futexes of its own, in which they see no order, and everything under such a lock looks like a race.
 * This library, loaded in front of GLib, says after each lock and before each unlock what they order, and likewise for conditions, thread pools, tasks, sources, one-time
 * initialisation and the last unref of an object. Nothing else changes. build-aux/tsan uses it.
 */
#include <dlfcn.h>
#include <glib-object.h>
#include <gio/gio.h>
#include <stdlib.h>

void __tsan_acquire (void *address);
void __tsan_release (void *address);
void __tsan_write4 (void *address);
void __tsan_ignore_thread_begin (void);
void __tsan_ignore_thread_end (void);

#define REAL(name) \
  static __typeof__ (name) *real; \
  if (G_UNLIKELY (real == NULL)) \
    real = (__typeof__ (name) *) dlsym (RTLD_NEXT, #name)

#undef g_mutex_lock
#undef g_mutex_unlock
#undef g_mutex_trylock

void
g_mutex_lock (GMutex *mutex)
{
  REAL (g_mutex_lock);
  real (mutex);
  __tsan_acquire (mutex);
}

gboolean
g_mutex_trylock (GMutex *mutex)
{
  gboolean locked;
  REAL (g_mutex_trylock);

  locked = real (mutex);
  if (locked)
    __tsan_acquire (mutex);
  return locked;
}

void
g_mutex_unlock (GMutex *mutex)
{
  REAL (g_mutex_unlock);
  __tsan_release (mutex);
  real (mutex);
}

void
g_rec_mutex_lock (GRecMutex *mutex)
{
  REAL (g_rec_mutex_lock);
  real (mutex);
  __tsan_acquire (mutex);
}

void
g_rec_mutex_unlock (GRecMutex *mutex)
{
  REAL (g_rec_mutex_unlock);
  __tsan_release (mutex);
  real (mutex);
}

void
g_cond_wait (GCond *cond, GMutex *mutex)
{
  REAL (g_cond_wait);
  __tsan_release (mutex);
  real (cond, mutex);
  __tsan_acquire (mutex);
}

gboolean
g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end_time)
{
  gboolean signalled;
  REAL (g_cond_wait_until);

  __tsan_release (mutex);
  signalled = real (cond, mutex, end_time);
  __tsan_acquire (mutex);
  return signalled;
}

#undef g_once_init_enter
#undef g_once_init_leave

gboolean (g_once_init_enter) (volatile void *location)
{
  gboolean first;
  static gboolean (*real) (volatile void *location);

  if (real == NULL)
    real = (gboolean (*) (volatile void *)) dlsym (RTLD_NEXT, "g_once_init_enter");
  first = real (location);
  __tsan_acquire ((void *) location);
  return first;
}

void (g_once_init_leave) (volatile void *location, gsize result)
{
  static void (*real) (volatile void *location, gsize result);

  if (real == NULL)
    real = (void (*) (volatile void *, gsize)) dlsym (RTLD_NEXT, "g_once_init_leave");
  __tsan_release ((void *) location);
  real (location, result);
}

/* --- Work that is handed over ----------------------------------------------------------------------------------------------------- */

typedef struct
{
  GFunc func;
  gpointer data;
} Pool;

static void
run_pooled (gpointer task, gpointer data)
{
  Pool *pool = data;

  __tsan_acquire (task);
  pool->func (task, pool->data);
  __tsan_release (pool);
}

/* The little struct of each pool stays. */
GThreadPool *
g_thread_pool_new (GFunc func, gpointer data, gint max_threads, gboolean exclusive, GError **error)
{
  Pool *pool = malloc (sizeof *pool);
  REAL (g_thread_pool_new);

  pool->func = func;
  pool->data = data;
  return real (run_pooled, pool, max_threads, exclusive, error);
}

gboolean
g_thread_pool_push (GThreadPool *pool, gpointer task, GError **error)
{
  REAL (g_thread_pool_push);
  __tsan_release (task);
  return real (pool, task, error);
}

void
g_thread_pool_free (GThreadPool *pool, gboolean immediate, gboolean wait)
{
  gpointer data = pool->user_data;
  REAL (g_thread_pool_free);

  real (pool, immediate, wait);
  if (wait)
    __tsan_acquire (data);
}

typedef struct
{
  GTaskThreadFunc func;
} TaskRun;

static GQuark
task_quark (void)
{
  return g_quark_from_static_string ("tsan-task");
}

static void
run_task (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  TaskRun *run;

  __tsan_acquire (task);
  run = g_object_get_qdata (G_OBJECT (task), task_quark ());
  run->func (task, source, data, cancellable);
  __tsan_release (task);
}

void
g_task_run_in_thread (GTask *task, GTaskThreadFunc func)
{
  TaskRun *run = malloc (sizeof *run);
  REAL (g_task_run_in_thread);

  run->func = func;
  g_object_set_qdata (G_OBJECT (task), task_quark (), run);
  __tsan_release (task);
  real (task, run_task);
}

gpointer
g_task_propagate_pointer (GTask *task, GError **error)
{
  REAL (g_task_propagate_pointer);
  __tsan_acquire (task);
  return real (task, error);
}

typedef struct
{
  gint refs;
  GSource *source;
  GSourceFunc func;
  gpointer data;
  GDestroyNotify notify;
} Callback;

static void
callback_ref (gpointer data)
{
  g_atomic_int_inc (&((Callback *) data)->refs);
}

static void
callback_unref (gpointer data)
{
  Callback *callback = data;

  if (!g_atomic_int_dec_and_test (&callback->refs))
    return;
  __tsan_acquire (callback->source);
  if (callback->notify != NULL)
    callback->notify (callback->data);
  free (callback);
}

/* Asked for in front of each call. */
static void
callback_get (gpointer data, GSource *source, GSourceFunc *func, gpointer *func_data)
{
  Callback *callback = data;

  __tsan_acquire (source);
  *func = callback->func;
  *func_data = callback->data;
}

/* What one thread made and attached, another runs and takes apart: the lock of the main context orders them. The function itself stays what it
 * is, for those of sockets and processes have arguments of their own. */
void
g_source_set_callback (GSource *source, GSourceFunc func, gpointer data, GDestroyNotify notify)
{
  static GSourceCallbackFuncs funcs = { callback_ref, callback_unref, callback_get };
  Callback *callback = malloc (sizeof *callback);

  *callback = (Callback){ 1, source, func, data, notify };
  g_source_set_callback_indirect (source, callback, &funcs);
}

guint
g_source_attach (GSource *source, GMainContext *context)
{
  guint id;
  REAL (g_source_attach);

  __tsan_release (source);
  /* The context's own table of sources, which grows here under a lock inside of GLib */
  __tsan_ignore_thread_begin ();
  id = real (source, context);
  __tsan_ignore_thread_end ();
  return id;
}

/* --- The last reference ------------------------------------------------------------------------------------------------------------ */

#define UNREF(name, type) \
  void name (type object) \
  { \
    REAL (name); \
    __tsan_release ((void *) object); \
    __tsan_acquire ((void *) object); \
    real (object); \
  }

gboolean
(g_atomic_ref_count_dec) (gatomicrefcount *count)
{
  static gboolean (*real) (gatomicrefcount *count);

  if (real == NULL)
    real = (gboolean (*) (gatomicrefcount *)) dlsym (RTLD_NEXT, "g_atomic_ref_count_dec");
  __tsan_release ((void *) count);
  __tsan_acquire ((void *) count);
  return real (count);
}

UNREF (g_object_unref, gpointer)
UNREF (g_bytes_unref, GBytes *)
UNREF (g_source_unref, GSource *)
UNREF (g_ptr_array_unref, GPtrArray *)
UNREF (g_hash_table_unref, GHashTable *)

void
g_atomic_rc_box_release_full (gpointer block, GDestroyNotify clear)
{
  REAL (g_atomic_rc_box_release_full);
  __tsan_release (block);
  __tsan_acquire (block);
  real (block, clear);
}

/* --- Counts that are not atomic ----------------------------------------------------------------------------------------------------- */

/* JSON-GLib counts references to objects and arrays without atomics: two threads may not share one, not even to read it. */
#define COUNT(name, type) \
  type name (gpointer object); \
  type name (gpointer object) \
  { \
    static type (*real) (gpointer object); \
    if (G_UNLIKELY (real == NULL)) \
      real = (type (*) (gpointer)) dlsym (RTLD_NEXT, #name); \
    __tsan_write4 (object); \
    return real (object); \
  }

COUNT (json_object_ref, gpointer)
COUNT (json_object_unref, void)
COUNT (json_array_ref, gpointer)
COUNT (json_array_unref, void)
