/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "bv-json-private.h"
#include "bv-model-build.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
problem_free (gpointer data)
{
  BvProblem *problem = data;

  g_free (problem->path);
  g_free (problem->message);
  g_free (problem);
}

BvModel *
bv_model_new (void)
{
  BvModel *self = g_atomic_rc_box_new0 (BvModel);

  self->time_zone = g_strdup ("UTC");
  self->week_start = 1;
  self->tables = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_table_free);
  self->relationships = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_relationship_free);
  self->sources = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_source_definition_free);
  self->explorations = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_exploration_free);
  self->reports = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_report_free);
  self->problems = g_ptr_array_new_with_free_func (problem_free);
  return self;
}

BvModel *
bv_model_ref (BvModel *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
model_clear (gpointer data)
{
  BvModel *self = data;

  g_free (self->time_zone);
  g_free (self->currency);
  g_free (self->as_of);
  g_clear_pointer (&self->calendar, bv_calendar_unref);
  g_ptr_array_unref (self->tables);
  g_ptr_array_unref (self->relationships);
  g_ptr_array_unref (self->sources);
  g_ptr_array_unref (self->explorations);
  g_ptr_array_unref (self->reports);
  g_ptr_array_unref (self->problems);
}

void
bv_model_unref (BvModel *self)
{
  g_atomic_rc_box_release_full (self, model_clear);
}

void
bv_model_add_problem (BvModel *model, const char *path, const char *message)
{
  BvProblem *problem = g_new0 (BvProblem, 1);

  problem->path = g_strdup (path);
  problem->message = g_strdup (message);
  g_ptr_array_add (model->problems, problem);
}

const BvProblem *
bv_model_find_problem (BvModel *self, const char *path)
{
  gsize n = strlen (path);

  for (guint i = 0; i < self->problems->len; i++)
    {
      BvProblem *problem = self->problems->pdata[i];

      if (strncmp (problem->path, path, n) == 0 && (problem->path[n] == '\0' || problem->path[n] == '/'))
        return problem;
    }
  return NULL;
}

/* --- Finding ---------------------------------------------------------------------------------------------------------------- */

BvTable *
bv_model_find_table (BvModel *self, const char *name)
{
  for (guint i = 0; name != NULL && i < self->tables->len; i++)
    if (bv_names_equal (((BvTable *) self->tables->pdata[i])->name, name))
      return self->tables->pdata[i];
  return NULL;
}

BvField *
bv_table_find_field (BvTable *table, const char *name)
{
  for (guint i = 0; name != NULL && i < table->fields->len; i++)
    if (bv_names_equal (((BvField *) table->fields->pdata[i])->name, name))
      return table->fields->pdata[i];
  return NULL;
}

BvExploration *
bv_model_find_exploration (BvModel *self, const char *name)
{
  for (guint i = 0; name != NULL && i < self->explorations->len; i++)
    {
      BvExploration *e = self->explorations->pdata[i];

      if (strcmp (e->name, name) == 0 || g_strcmp0 (e->uuid, name) == 0)
        return e;
    }
  return NULL;
}

BvReport *
bv_model_find_report (BvModel *self, const char *name)
{
  for (guint i = 0; name != NULL && i < self->reports->len; i++)
    {
      BvReport *r = self->reports->pdata[i];

      if (strcmp (r->name, name) == 0 || g_strcmp0 (r->uuid, name) == 0)
        return r;
    }
  return NULL;
}

BvDimension *
bv_exploration_find_dimension (BvExploration *exploration, const char *name)
{
  for (guint i = 0; name != NULL && i < exploration->dimensions->len; i++)
    if (strcmp (((BvDimension *) exploration->dimensions->pdata[i])->name, name) == 0)
      return exploration->dimensions->pdata[i];
  return NULL;
}

BvMetric *
bv_exploration_find_metric (BvExploration *exploration, const char *name)
{
  for (guint i = 0; name != NULL && i < exploration->metrics->len; i++)
    if (strcmp (((BvMetric *) exploration->metrics->pdata[i])->name, name) == 0)
      return exploration->metrics->pdata[i];
  return NULL;
}

BvTile *
bv_report_find_tile (BvReport *report, const char *id)
{
  for (guint i = 0; id != NULL && i < report->tiles->len; i++)
    if (strcmp (((BvTile *) report->tiles->pdata[i])->id, id) == 0)
      return report->tiles->pdata[i];
  return NULL;
}

BvFilter *
bv_report_find_filter (BvReport *report, const char *name)
{
  for (guint i = 0; name != NULL && i < report->filters->len; i++)
    if (strcmp (((BvFilter *) report->filters->pdata[i])->id, name) == 0)
      return report->filters->pdata[i];
  for (guint i = 0; name != NULL && i < report->filters->len; i++)
    if (strcmp (((BvFilter *) report->filters->pdata[i])->name, name) == 0)
      return report->filters->pdata[i];
  return NULL;
}

BvExploration *
bv_model_split_filter_field (BvModel *self, const char *field, const char **name)
{
  BvExploration *first = NULL;

  for (const char *slash = strchr (field, '/'); slash != NULL; slash = strchr (slash + 1, '/'))
    {
      g_autofree char *before = g_strndup (field, (gsize) (slash - field));
      BvExploration *found = bv_model_find_exploration (self, before);
      gboolean whole = found != NULL && bv_exploration_resolve_field (found, self, slash + 1, NULL, NULL, NULL) != NULL;

      if (found == NULL || (first != NULL && !whole))
        continue;
      first = found;
      *name = slash + 1;
      if (whole)
        break;
    }
  return first;
}

/* --- Building ------------------------------------------------------------------------------------------------------------------ */

BvTable *
bv_table_new (const char *name, const char *source)
{
  BvTable *table = g_new0 (BvTable, 1);

  table->name = g_strdup (name);
  table->source = g_strdup (source);
  table->fields = g_ptr_array_new_with_free_func ((GDestroyNotify) bv_field_free);
  return table;
}

BvField *
bv_table_add_field (BvTable *table, const char *name, BvType type)
{
  BvField *field = g_new0 (BvField, 1);

  field->name = g_strdup (name);
  field->type = type;
  field->format = BV_FORMAT_INIT;
  g_ptr_array_add (table->fields, field);
  return field;
}

void
bv_model_take_table (BvModel *model, BvTable *table)
{
  g_ptr_array_add (model->tables, table);
}

static const char *const weekdays[] = { "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday" };

JsonObject *
bv_settings_to_json (const char *time_zone, const char *currency, int week_start, const char *as_of)
{
  JsonObject *object = json_object_new ();

  bv_json_put_string (object, "time_zone", time_zone);
  bv_json_put_string (object, "currency", currency);
  bv_json_put_string (object, "week_start", weekdays[CLAMP (week_start, 1, 7) - 1]);
  bv_json_put_string (object, "as_of", as_of);
  return object;
}

gboolean
bv_settings_from_json (JsonObject *object, char **time_zone, char **currency, int *week_start, char **as_of, GError **error)
{
  g_autofree char *zone = NULL;
  g_autofree char *money = NULL;
  g_autofree char *day = NULL;
  g_autofree char *today = NULL;
  gint64 number;
  BvJsonReader reader;
  guint start = 0;

  bv_json_reader_init (&reader, object, "settings");
  zone = bv_json_read_string (&reader, "time_zone");
  money = bv_json_read_string (&reader, "currency");
  day = bv_json_read_string (&reader, "week_start");
  today = bv_json_read_string (&reader, "as_of");
  if (today != NULL && !bv_date_parse (today, -1, &number))
    bv_json_reader_fail (&reader, "as_of", _("must be a day, like “2026-06-30”"));
  if (zone != NULL)
    {
      g_autoptr(GError) bad = NULL;
      g_autoptr(BvCalendar) calendar = bv_calendar_new (zone, 1, &bad);

      if (calendar == NULL)
        bv_json_reader_fail (&reader, "time_zone", bad->message);
    }
  if (money != NULL && (strlen (money) != 3 || !g_ascii_isupper (money[0]) || !g_ascii_isupper (money[1]) || !g_ascii_isupper (money[2])))
    bv_json_reader_fail (&reader, "currency", _("must be a code of three capitals, like “EUR”"));
  if (day != NULL)
    {
      for (start = 0; start < 7 && g_ascii_strcasecmp (day, weekdays[start]) != 0; start++)
        ;
      if (start == 7)
        bv_json_reader_fail (&reader, "week_start", _("must be a weekday, like “monday”"));
    }
  if (!bv_json_reader_end (&reader, error))
    return FALSE;
  *time_zone = zone != NULL ? g_steal_pointer (&zone) : g_strdup ("UTC");
  *currency = g_steal_pointer (&money);
  *week_start = (int) start + 1;
  *as_of = g_steal_pointer (&today);
  return TRUE;
}

JsonObject *
bv_table_to_json (BvTable *table)
{
  JsonObject *object = json_object_new ();
  JsonArray *fields = json_array_new ();

  bv_json_put_string (object, "name", table->name);
  bv_json_put_string (object, "label", table->label);
  bv_json_put_string (object, "description", table->description);
  bv_json_put_true (object, "hidden", table->hidden);
  for (guint i = 0; i < table->fields->len; i++)
    {
      BvField *field = table->fields->pdata[i];
      JsonObject *element;
      JsonObject *format = bv_format_to_json (&field->format);

      if (field->label == NULL && field->description == NULL && field->semantic == NULL && !field->hidden && format == NULL)
        continue;
      element = json_object_new ();
      bv_json_put_string (element, "name", field->name);
      bv_json_put_string (element, "label", field->label);
      bv_json_put_string (element, "description", field->description);
      bv_json_put_string (element, "semantic", field->semantic);
      bv_json_put_true (element, "hidden", field->hidden);
      if (format != NULL)
        json_object_set_object_member (element, "format", format);
      json_array_add_object_element (fields, element);
    }
  json_object_set_array_member (object, "fields", fields);
  return object;
}

/* Puts metadata on @table; with @table NULL only checks. */
static gboolean
read_table (JsonObject *object, BvTable *table, GError **error)
{
  g_autofree char *label = NULL;
  g_autofree char *description = NULL;
  gboolean hidden;
  BvJsonReader reader;
  JsonArray *fields;

  bv_json_reader_init (&reader, object, "table");
  g_free (bv_json_read_string (&reader, "id"));
  g_free (bv_json_require_string (&reader, "name"));
  label = bv_json_read_string (&reader, "label");
  description = bv_json_read_string (&reader, "description");
  hidden = bv_json_read_bool (&reader, "hidden", FALSE);
  fields = bv_json_read_array (&reader, "fields");
  for (guint i = 0; fields != NULL && i < json_array_get_length (fields); i++)
    {
      JsonNode *node = json_array_get_element (fields, i);
      g_autofree char *name = NULL;
      g_autofree char *field_label = NULL;
      g_autofree char *field_description = NULL;
      g_autofree char *semantic = NULL;
      g_autoptr(GError) bad = NULL;
      gboolean field_hidden;
      JsonObject *format;
      BvJsonReader element;
      BvField *field;

      if (!JSON_NODE_HOLDS_OBJECT (node))
        {
          bv_json_reader_fail (&reader, "fields", _("must be a list of objects"));
          break;
        }
      bv_json_reader_init (&element, json_node_get_object (node), "fields");
      name = bv_json_require_string (&element, "name");
      field_label = bv_json_read_string (&element, "label");
      field_description = bv_json_read_string (&element, "description");
      semantic = bv_json_read_string (&element, "semantic");
      field_hidden = bv_json_read_bool (&element, "hidden", FALSE);
      format = bv_json_read_object (&element, "format");
      if (!bv_json_reader_end (&element, &bad))
        {
          bv_json_reader_fail (&reader, "fields", bad->message);
          continue;
        }
      field = table != NULL ? bv_table_find_field (table, name) : NULL;
      if (field == NULL)
        continue;
      g_free (field->label);
      field->label = g_steal_pointer (&field_label);
      g_free (field->description);
      field->description = g_steal_pointer (&field_description);
      g_free (field->semantic);
      field->semantic = g_steal_pointer (&semantic);
      field->hidden = field_hidden;
      bv_format_clear (&field->format);
      field->format = bv_format_from_json (format);
    }
  if (!bv_json_reader_end (&reader, error))
    return FALSE;
  if (table != NULL)
    {
      g_free (table->label);
      table->label = g_steal_pointer (&label);
      g_free (table->description);
      table->description = g_steal_pointer (&description);
      table->hidden = hidden;
    }
  return TRUE;
}

gboolean
bv_table_check_json (JsonObject *object, GError **error)
{
  return read_table (object, NULL, error);
}

/* A relationship's "table.column" was split at the first dot; when no such table exists, another dot may fit. */
static void
resplit (BvModel *model, char **table, char **column)
{
  g_autofree char *whole = g_strconcat (*table, ".", *column, NULL);

  if (bv_model_find_table (model, *table) != NULL)
    return;
  for (char *dot = strchr (whole, '.'); dot != NULL; dot = strchr (dot + 1, '.'))
    {
      g_autofree char *name = g_strndup (whole, dot - whole);

      if (bv_model_find_table (model, name) != NULL)
        {
          g_free (*table);
          g_free (*column);
          *table = g_steal_pointer (&name);
          *column = g_strdup (dot + 1);
          return;
        }
    }
}

void
bv_model_add_definition (BvModel *model, const char *kind, const char *uuid, const char *name, const char *body)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_strdup_printf ("%ss/%s", kind, name);
  JsonNode *root;
  JsonObject *object;

  if (!json_parser_load_from_data (parser, body, -1, &error))
    {
      bv_model_add_problem (model, path, error->message);
      return;
    }
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      bv_model_add_problem (model, path, _("The definition is no JSON object"));
      return;
    }
  object = json_node_get_object (root);
  if (strcmp (kind, "settings") == 0)
    {
      g_autofree char *zone = NULL;
      g_autofree char *currency = NULL;
      g_autofree char *as_of = NULL;
      int week_start;

      if (bv_settings_from_json (object, &zone, &currency, &week_start, &as_of, &error))
        {
          g_free (model->as_of);
          model->as_of = g_steal_pointer (&as_of);
          g_free (model->time_zone);
          model->time_zone = g_steal_pointer (&zone);
          g_free (model->currency);
          model->currency = g_steal_pointer (&currency);
          model->week_start = week_start;
        }
    }
  else if (strcmp (kind, "table") == 0)
    {
      BvTable *table = bv_model_find_table (model, name);

      if (table != NULL && read_table (object, table, &error))
        {
          g_free (table->uuid);
          table->uuid = g_strdup (uuid);
        }
    }
  else if (strcmp (kind, "relationship") == 0)
    {
      BvRelationship *relationship = bv_relationship_from_json (object, &error);

      if (relationship != NULL)
        {
          relationship->uuid = g_strdup (uuid);
          resplit (model, &relationship->from_table, &relationship->from_column);
          resplit (model, &relationship->to_table, &relationship->to_column);
          g_ptr_array_add (model->relationships, relationship);
        }
    }
  else if (strcmp (kind, "source") == 0)
    {
      BvSourceDefinition *source = bv_source_definition_from_json (object, &error);

      if (source != NULL)
        {
          source->uuid = g_strdup (uuid);
          g_ptr_array_add (model->sources, source);
        }
    }
  else if (strcmp (kind, "exploration") == 0)
    {
      BvExploration *exploration = bv_exploration_from_json (object, &error);

      if (exploration != NULL)
        {
          exploration->uuid = g_strdup (uuid);
          g_ptr_array_add (model->explorations, exploration);
        }
    }
  else if (strcmp (kind, "report") == 0)
    {
      BvReport *report = bv_report_from_json (object, &error);

      if (report != NULL)
        {
          report->uuid = g_strdup (uuid);
          g_ptr_array_add (model->reports, report);
        }
    }
  if (error != NULL)
    bv_model_add_problem (model, path, error->message);
}

void
bv_model_finish (BvModel *model)
{
  g_autoptr(GError) error = NULL;

  model->calendar = bv_calendar_new (model->time_zone, model->week_start, &error);
  if (model->calendar == NULL)
    {
      bv_model_add_problem (model, "settings", error->message);
      model->calendar = bv_calendar_new (NULL, model->week_start, NULL);
    }
  bv_model_validate (model);
}
