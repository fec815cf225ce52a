/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line per test. A line owns its test, which may still lack its values; dup_condition() leaves such tests out. Changing the field or
 * the operator rebuilds the rest of the line, keeping the values where they still fit.
 *
 * A list within the list is an editor of its own in a line; lists in that one are shown as a sentence and kept.
 *
 * Fields are a snapshot taken by set_exploration(): the dimensions, or the columns of a role's table and of the tables that it
 * belongs to, which is as far as a metric's own filter may reach.
 */
#include "config.h"
#include "bv-condition-editor.h"

#include "bv-choice.h"
#include "bv-condition-values.h"
#include "bv-util.h"
#include "bv-wrap-box.h"

#include <glib/gi18n.h>

typedef struct
{
  char *ref;
  char *label;
  BvType type;
} Field;

typedef struct
{
  BvConditionEditor *editor;
  BvCondition *test;    /* or a list */
  GtkWidget *widget;
  GtkWidget *controls;  /* BvWrapBox */
  GtkWidget *field_choice, *op_choice;
  GtkWidget *group;     /* (nullable): the editor of a list in the list */
} Line;

struct _BvConditionEditor
{
  AdwBin parent_instance;

  BvWorkspace *workspace;
  char *exploration;   /* name */
  GPtrArray *fields;   /* Field */
  GPtrArray *lines;    /* Line */
  gboolean updating;

  GtkWidget *match;
  GtkWidget *match_box;
  GtkWidget *list;
  GtkWidget *add, *add_group;
  gboolean nested;     /* it edits a list within a list */
};

G_DEFINE_FINAL_TYPE (BvConditionEditor, bv_condition_editor, ADW_TYPE_BIN)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const BvOp all_ops[] = {
  BV_OP_IS, BV_OP_IS_NOT, BV_OP_CONTAINS, BV_OP_NOT_CONTAINS, BV_OP_STARTS_WITH, BV_OP_ENDS_WITH, BV_OP_GT, BV_OP_GE, BV_OP_LT, BV_OP_LE,
  BV_OP_BETWEEN, BV_OP_IN_RANGE, BV_OP_NOT_IN_RANGE, BV_OP_BEFORE, BV_OP_AFTER, BV_OP_IS_SET, BV_OP_IS_NOT_SET,
};

static void build_line (Line *line);

static void
field_free (gpointer data)
{
  Field *field = data;

  g_free (field->ref);
  g_free (field->label);
  g_free (field);
}

static void
line_free (gpointer data)
{
  Line *line = data;

  bv_condition_free (line->test);
  g_free (line);
}

static Field *
find_field (BvConditionEditor *self,
            const char        *ref)
{
  for (guint i = 0; i < self->fields->len; i++)
    {
      Field *field = g_ptr_array_index (self->fields, i);

      if (g_strcmp0 (field->ref, ref) == 0)
        return field;
    }
  return NULL;
}

static void
add_field (BvConditionEditor *self,
           const char        *ref,
           const char        *label,
           BvType             type)
{
  Field *field = g_new0 (Field, 1);

  field->ref = g_strdup (ref);
  field->label = g_strdup (label);
  field->type = type;
  g_ptr_array_add (self->fields, field);
}

static void
copy_fields (BvConditionEditor *self,
             BvConditionEditor *group)
{
  g_free (group->exploration);
  group->exploration = g_strdup (self->exploration);
  g_ptr_array_set_size (group->fields, 0);
  for (guint i = 0; i < self->fields->len; i++)
    {
      Field *field = g_ptr_array_index (self->fields, i);

      add_field (group, field->ref, field->label, field->type);
    }
}

static BvModel *
get_model (BvConditionEditor *self)
{
  return bv_workspace_get_model (self->workspace);
}

/* The type of what a test is on, also when the list of fields does not offer it. */
static BvType
field_type (BvConditionEditor *self,
            const char        *ref)
{
  Field *field = find_field (self, ref);
  BvExploration *exploration;
  BvField *found;

  if (field != NULL)
    return field->type;
  exploration = bv_model_find_exploration (get_model (self), self->exploration);
  found = exploration != NULL ? bv_exploration_resolve_field (exploration, get_model (self), ref, NULL, NULL, NULL) : NULL;
  return found != NULL ? found->type : BV_TYPE_NULL;
}

static void
changed (BvConditionEditor *self)
{
  if (!self->updating)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static gboolean
is_complete (const BvCondition *test)
{
  if (test->kind != BV_CONDITION_TEST)
    return !bv_condition_is_empty (test);
  if (test->op == BV_OP_IS_SET || test->op == BV_OP_IS_NOT_SET)
    return TRUE;
  return test->values != NULL && test->values->len >= (test->op == BV_OP_BETWEEN ? 2u : 1u);
}

/* --- Lines --------------------------------------------------------------------------------------------------------------------- */

static void
clear_values (Line *line)
{
  if (line->test->values != NULL)
    g_array_set_size (line->test->values, 0);
}

static gboolean
rebuild_cb (gpointer user_data)
{
  Line *line = g_object_get_data (user_data, "bv-line");

  if (line != NULL)
    {
      build_line (line);
      gtk_widget_grab_focus (line->op_choice);
    }
  return G_SOURCE_REMOVE;
}

static void
values_changed_cb (gpointer test,
                   gpointer user_data)
{
  changed (((Line *) user_data)->editor);
}

/* A line is rebuilt after the drop-down that asked for it has finished. */
static void
queue_rebuild (Line *line)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, rebuild_cb, g_object_ref (line->widget), g_object_unref);
}

static void
field_chosen_cb (GObject    *choice,
                 GParamSpec *pspec,
                 Line       *line)
{
  BvConditionEditor *self = line->editor;
  const char *ref = bv_choice_get (GTK_WIDGET (choice));
  BvType old_type, type;

  if (self->updating || ref == NULL || g_strcmp0 (ref, line->test->field) == 0)
    return;
  old_type = field_type (self, line->test->field);
  type = field_type (self, ref);
  g_free (line->test->field);
  line->test->field = g_strdup (ref);
  if (!bv_op_fits (line->test->op, type))
    line->test->op = bv_type_is_time (type) ? BV_OP_IN_RANGE : BV_OP_IS;
  if (type != old_type || type == BV_TYPE_TEXT)
    clear_values (line);
  queue_rebuild (line);
  changed (self);
}

static void
op_chosen_cb (GObject    *choice,
              GParamSpec *pspec,
              Line       *line)
{
  BvConditionEditor *self = line->editor;
  const char *name = bv_choice_get (GTK_WIDGET (choice));
  BvOp op;

  if (self->updating || name == NULL || !bv_op_from_name (name, &op) || op == line->test->op)
    return;
  /* What is a range for one operator is no day for another. */
  if (bv_type_is_time (field_type (self, line->test->field)) || op == BV_OP_BETWEEN)
    clear_values (line);
  line->test->op = op;
  queue_rebuild (line);
  changed (self);
}

static void
show_state (BvConditionEditor *self)
{
  gtk_widget_set_visible (self->match_box, self->nested || self->lines->len > 1);
  gtk_widget_set_visible (self->list, self->lines->len > 0);
}

static void
remove_cb (GtkWidget *button,
           Line      *line)
{
  BvConditionEditor *self = line->editor;

  g_object_set_data (G_OBJECT (line->widget), "bv-line", NULL);
  gtk_widget_grab_focus (self->add);
  gtk_box_remove (GTK_BOX (self->list), line->widget);
  g_ptr_array_remove (self->lines, line);
  show_state (self);
  changed (self);
}

static void
build_line (Line *line)
{
  BvConditionEditor *self = line->editor;
  BvCondition *test = line->test;
  gboolean was_updating = self->updating;
  BvType type;

  if (line->group != NULL)
    {
      BvConditionEditor *group = BV_CONDITION_EDITOR (line->group);

      copy_fields (self, group);
      for (guint i = 0; i < group->lines->len; i++)
        build_line (g_ptr_array_index (group->lines, i));
      return;
    }
  self->updating = TRUE;
  bv_wrap_box_clear (BV_WRAP_BOX (line->controls));
  if (test->kind != BV_CONDITION_TEST)
    {
      g_autofree char *sentence = bv_condition_to_sentence (test, bv_workspace_get_locale (self->workspace));
      GtkWidget *label = gtk_label_new (sentence);

      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      bv_wrap_box_append (BV_WRAP_BOX (line->controls), label);
      self->updating = was_updating;
      return;
    }
  type = field_type (self, test->field);
  line->field_choice = bv_choice_new (_("Field"));
  for (guint i = 0; i < self->fields->len; i++)
    {
      Field *field = g_ptr_array_index (self->fields, i);

      bv_choice_add (line->field_choice, field->ref, field->label);
    }
  if (find_field (self, test->field) == NULL)
    bv_choice_add (line->field_choice, test->field, test->field);
  if (self->fields->len > 12)
    bv_choice_set_searchable (line->field_choice, TRUE);
  bv_choice_select (line->field_choice, test->field);
  if (type == BV_TYPE_NULL)
    {
      gtk_widget_add_css_class (line->field_choice, "error");
      gtk_widget_set_tooltip_text (line->field_choice, _("This field does not exist any more: choose another field"));
    }
  g_signal_connect (line->field_choice, "notify::selected", G_CALLBACK (field_chosen_cb), line);
  bv_wrap_box_append (BV_WRAP_BOX (line->controls), line->field_choice);

  line->op_choice = bv_choice_new (_("Operator"));
  for (guint i = 0; i < G_N_ELEMENTS (all_ops); i++)
    if (type == BV_TYPE_NULL ? all_ops[i] == test->op : bv_op_fits (all_ops[i], type))
      bv_choice_add (line->op_choice, bv_op_to_name (all_ops[i]), bv_op_to_label (all_ops[i]));
  bv_choice_select (line->op_choice, bv_op_to_name (test->op));
  g_signal_connect (line->op_choice, "notify::selected", G_CALLBACK (op_chosen_cb), line);
  bv_wrap_box_append (BV_WRAP_BOX (line->controls), line->op_choice);
  bv_condition_values_append (line->controls, self->workspace, self->exploration, test, type, values_changed_cb, line);
  self->updating = was_updating;
}

static void
group_changed_cb (Line *line)
{
  BvCondition *list = bv_condition_editor_dup_condition (BV_CONDITION_EDITOR (line->group));

  bv_condition_free (line->test);
  line->test = list != NULL ? list : bv_condition_new_list (BV_CONDITION_ANY);
  changed (line->editor);
}

/* The list of a line as an editor in it. */
static void
make_group (BvConditionEditor *self,
            Line              *line)
{
  BvConditionEditor *group;

  line->group = bv_condition_editor_new (self->workspace);
  group = BV_CONDITION_EDITOR (line->group);
  group->nested = TRUE;
  copy_fields (self, group);
  gtk_widget_set_visible (group->add_group, FALSE);
  gtk_widget_add_css_class (line->group, "card");
  gtk_widget_add_css_class (line->group, "condition-group");
  bv_condition_editor_set_condition (group, line->test);
  gtk_widget_set_hexpand (line->group, TRUE);
  bv_wrap_box_append (BV_WRAP_BOX (line->controls), line->group);
  g_signal_connect_swapped (group, "changed", G_CALLBACK (group_changed_cb), line);
}

static Line *
add_line (BvConditionEditor *self,
          BvCondition       *test)
{
  Line *line = g_new0 (Line, 1);
  GtkWidget *remove = bv_icon_button_new ("list-remove-symbolic", test->kind == BV_CONDITION_TEST ? _("Remove condition") : _("Remove group"),
                                          NULL);

  line->editor = self;
  line->test = test;
  line->widget = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  line->controls = bv_wrap_box_new (6);
  gtk_widget_set_hexpand (line->controls, TRUE);
  gtk_widget_add_css_class (remove, "flat");
  gtk_widget_set_valign (remove, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (line->widget), line->controls);
  gtk_box_append (GTK_BOX (line->widget), remove);
  g_object_set_data (G_OBJECT (line->widget), "bv-line", line);
  g_signal_connect (remove, "clicked", G_CALLBACK (remove_cb), line);
  g_ptr_array_add (self->lines, line);
  if (test->kind != BV_CONDITION_TEST && !self->nested)
    make_group (self, line);
  else
    build_line (line);
  gtk_box_append (GTK_BOX (self->list), line->widget);
  show_state (self);
  return line;
}

static void
clear_lines (BvConditionEditor *self)
{
  for (guint i = 0; i < self->lines->len; i++)
    {
      Line *line = g_ptr_array_index (self->lines, i);

      g_object_set_data (G_OBJECT (line->widget), "bv-line", NULL);
      gtk_box_remove (GTK_BOX (self->list), line->widget);
    }
  g_ptr_array_set_size (self->lines, 0);
}

static void
add_clicked_cb (BvConditionEditor *self)
{
  bv_condition_editor_add_test (self, NULL);
}

/* A group turns the list's meaning round: any of its tests in a list of which all must match, and the other way. */
static void
add_group_clicked_cb (BvConditionEditor *self)
{
  gboolean any = g_strcmp0 (bv_choice_get (self->match), "any") == 0;
  Line *line = add_line (self, bv_condition_new_list (any ? BV_CONDITION_ALL : BV_CONDITION_ANY));

  bv_condition_editor_add_test (BV_CONDITION_EDITOR (line->group), NULL);
}

/* --- The widget ------------------------------------------------------------------------------------------------------------------ */

static void
bv_condition_editor_dispose (GObject *object)
{
  BvConditionEditor *self = BV_CONDITION_EDITOR (object);

  self->updating = TRUE;
  if (self->lines != NULL && self->list != NULL)
    clear_lines (self);
  self->list = NULL;

  G_OBJECT_CLASS (bv_condition_editor_parent_class)->dispose (object);
}

static void
bv_condition_editor_finalize (GObject *object)
{
  BvConditionEditor *self = BV_CONDITION_EDITOR (object);

  g_clear_object (&self->workspace);
  g_clear_pointer (&self->exploration, g_free);
  g_clear_pointer (&self->fields, g_ptr_array_unref);
  g_clear_pointer (&self->lines, g_ptr_array_unref);

  G_OBJECT_CLASS (bv_condition_editor_parent_class)->finalize (object);
}

static void
bv_condition_editor_class_init (BvConditionEditorClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bv_condition_editor_dispose;
  G_OBJECT_CLASS (klass)->finalize = bv_condition_editor_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", BV_TYPE_CONDITION_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bv_condition_editor_init (BvConditionEditor *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *buttons;

  self->fields = g_ptr_array_new_with_free_func (field_free);
  self->lines = g_ptr_array_new_with_free_func (line_free);
  self->list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->match_box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  self->match = bv_choice_new (_("Match"));
  bv_choice_add (self->match, "all", _("All of these must match"));
  bv_choice_add (self->match, "any", _("Any of these must match"));
  gtk_box_append (GTK_BOX (self->match_box), self->match);
  self->add = gtk_button_new_with_mnemonic (_("Add C_ondition"));
  gtk_widget_set_halign (self->add, GTK_ALIGN_START);
  bv_set_name (self->add, _("Add Condition"));
  gtk_box_append (GTK_BOX (box), self->match_box);
  gtk_box_append (GTK_BOX (box), self->list);
  buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_box_append (GTK_BOX (buttons), self->add);
  self->add_group = gtk_button_new_with_mnemonic (_("Add _Group"));
  gtk_widget_set_tooltip_text (self->add_group, _("Conditions of which any, or all, must match"));
  bv_set_name (self->add_group, _("Add Group"));
  gtk_box_append (GTK_BOX (buttons), self->add_group);
  gtk_box_append (GTK_BOX (box), buttons);
  adw_bin_set_child (ADW_BIN (self), box);
  show_state (self);
  g_signal_connect_swapped (self->match, "notify::selected", G_CALLBACK (changed), self);
  g_signal_connect_swapped (self->add, "clicked", G_CALLBACK (add_clicked_cb), self);
  g_signal_connect_swapped (self->add_group, "clicked", G_CALLBACK (add_group_clicked_cb), self);
}

GtkWidget *
bv_condition_editor_new (BvWorkspace *workspace)
{
  BvConditionEditor *self = g_object_new (BV_TYPE_CONDITION_EDITOR, NULL);

  self->workspace = g_object_ref (workspace);
  return GTK_WIDGET (self);
}

/* Whether @role belongs to @target by one or more steps: then a row of @role has at most one row there. */
static gboolean
belongs_to (BvExploration *exploration,
            BvModel       *model,
            const char    *role,
            const char    *target,
            guint          depth)
{
  if (g_strcmp0 (role, target) == 0)
    return TRUE;
  if (depth > exploration->related->len)
    return FALSE;
  for (guint i = 0; i < exploration->related->len; i++)
    {
      BvRelated *related = g_ptr_array_index (exploration->related, i);
      const char *parent = NULL;
      gboolean down = FALSE;

      if (bv_exploration_resolve_related (exploration, model, related, &parent, &down, NULL) == NULL)
        continue;
      if (down && g_strcmp0 (parent, role) == 0 && belongs_to (exploration, model, related->as, target, depth + 1))
        return TRUE;
      if (!down && g_strcmp0 (related->as, role) == 0 && belongs_to (exploration, model, parent, target, depth + 1))
        return TRUE;
    }
  return FALSE;
}

static void
add_columns (BvConditionEditor *self,
             BvExploration     *exploration,
             const char        *role,
             gboolean           own)
{
  BvTable *table = bv_exploration_find_role (exploration, get_model (self), role);

  for (guint i = 0; table != NULL && i < table->fields->len; i++)
    {
      BvField *field = g_ptr_array_index (table->fields, i);
      const char *name = field->label != NULL ? field->label : field->name;
      g_autofree char *ref = g_strconcat (role, ".", field->name, NULL);
      g_autofree char *label = own ? g_strdup (name) : g_strdup_printf ("%s – %s", role, name);

      if (!field->hidden)
        add_field (self, ref, label, field->type);
    }
}

void
bv_condition_editor_set_exploration (BvConditionEditor *self,
                                     const char        *exploration,
                                     const char        *role)
{
  BvExploration *e;

  g_return_if_fail (BV_IS_CONDITION_EDITOR (self));

  e = bv_model_find_exploration (get_model (self), exploration);
  g_ptr_array_set_size (self->fields, 0);
  g_free (self->exploration);
  self->exploration = g_strdup (e != NULL ? e->name : exploration);
  if (e == NULL)
    return;
  if (role == NULL)
    for (guint i = 0; i < e->dimensions->len; i++)
      {
        BvDimension *dimension = g_ptr_array_index (e->dimensions, i);
        BvField *field = bv_exploration_resolve_field (e, get_model (self), dimension->name, NULL, NULL, NULL);

        if (field != NULL && !dimension->hidden)
          add_field (self, dimension->name, dimension->name, field->type);
      }
  else
    {
      add_columns (self, e, role, TRUE);
      for (guint i = 0; i <= e->related->len; i++)
        {
          const char *other = i == 0 ? e->root : ((BvRelated *) g_ptr_array_index (e->related, i - 1))->as;

          if (g_strcmp0 (other, role) != 0 && belongs_to (e, get_model (self), role, other, 0))
            add_columns (self, e, other, FALSE);
        }
    }
  for (guint i = 0; i < self->lines->len; i++)
    build_line (g_ptr_array_index (self->lines, i));
  gtk_widget_set_sensitive (self->add, self->fields->len > 0);
  gtk_widget_set_sensitive (self->add_group, self->fields->len > 0);
}

void
bv_condition_editor_set_condition (BvConditionEditor *self,
                                   const BvCondition *condition)
{
  g_return_if_fail (BV_IS_CONDITION_EDITOR (self));

  self->updating = TRUE;
  clear_lines (self);
  bv_choice_select (self->match, condition != NULL && condition->kind == BV_CONDITION_ANY ? "any" : "all");
  if (condition != NULL && condition->kind == BV_CONDITION_TEST)
    add_line (self, bv_condition_copy (condition));
  else
    for (guint i = 0; condition != NULL && i < condition->children->len; i++)
      add_line (self, bv_condition_copy (g_ptr_array_index (condition->children, i)));
  show_state (self);
  self->updating = FALSE;
}

BvCondition *
bv_condition_editor_dup_condition (BvConditionEditor *self)
{
  g_autoptr(BvCondition) list = NULL;

  g_return_val_if_fail (BV_IS_CONDITION_EDITOR (self), NULL);

  list = bv_condition_new_list (g_strcmp0 (bv_choice_get (self->match), "any") == 0 ? BV_CONDITION_ANY : BV_CONDITION_ALL);
  for (guint i = 0; i < self->lines->len; i++)
    {
      Line *line = g_ptr_array_index (self->lines, i);

      if (is_complete (line->test))
        bv_condition_add (list, bv_condition_copy (line->test));
    }
  return list->children->len > 0 ? g_steal_pointer (&list) : NULL;
}

void
bv_condition_editor_add_test (BvConditionEditor *self,
                              const char        *field)
{
  BvType type;
  Line *line;

  g_return_if_fail (BV_IS_CONDITION_EDITOR (self));

  if (field == NULL && self->fields->len > 0)
    field = ((Field *) g_ptr_array_index (self->fields, 0))->ref;
  if (field == NULL)
    return;
  type = field_type (self, field);
  line = add_line (self, bv_condition_new_test (field, bv_type_is_time (type) ? BV_OP_IN_RANGE : BV_OP_IS));
  gtk_widget_grab_focus (line->field_choice);
  if (is_complete (line->test))
    changed (self);
}
