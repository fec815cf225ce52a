/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-intercom.h"

#include "bv-time.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCROLL_LIFE 60
#define MAX_INLINE 10

/* --- Data ------------------------------------------------------------------------------------------------------------------------- */

static guint
draw (FakeClock *clock, guint below)
{
  clock->seed = clock->seed * G_GUINT64_CONSTANT (6364136223846793005) + G_GUINT64_CONSTANT (1442695040888963407);
  return below > 0 ? (guint) ((clock->seed >> 33) % below) : 0;
}

static void
contact_free (gpointer data)
{
  FakeContact *contact = data;

  g_free (contact->id);
  g_free (contact->external_id);
  g_free (contact->email);
  g_free (contact->name);
  g_free (contact->role);
  g_free (contact->plan);
  g_free (contact->merged_into);
  g_array_unref (contact->companies);
  g_ptr_array_unref (contact->merged);
  g_free (contact);
}

static void
company_free (gpointer data)
{
  FakeCompany *company = data;

  g_free (company->id);
  g_free (company->name);
  g_free (company);
}

gint64
fake_intercom_now (FakeIntercom *self)
{
  return self->clock->now / BV_SECOND_US;
}

/* --- JSON ------------------------------------------------------------------------------------------------------------------------- */

static void
append_text (GString *s, const char *text)
{
  if (text == NULL)
    {
      g_string_append (s, "null");
      return;
    }
  g_string_append_c (s, '"');
  for (; *text != '\0'; text++)
    {
      if (*text == '"' || *text == '\\')
        g_string_append_c (s, '\\');
      g_string_append_c (s, *text);
    }
  g_string_append_c (s, '"');
}

static void
append_member (GString *s, const char *name, const char *text)
{
  g_string_append_printf (s, "\"%s\":", name);
  append_text (s, text);
  g_string_append_c (s, ',');
}

static void
append_contact (FakeIntercom *self, GString *s, const FakeContact *contact, gboolean history)
{
  g_string_append (s, "{\"type\":\"contact\",");
  append_member (s, "id", contact->id);
  append_member (s, "external_id", contact->external_id);
  append_member (s, "role", contact->role);
  append_member (s, "email", contact->email);
  append_member (s, "name", contact->name);
  append_member (s, "phone", "");
  g_string_append_printf (s, "\"created_at\":%" PRId64 ",\"updated_at\":%" PRId64 ",\"last_seen_at\":null,\"has_hard_bounced\":false,", contact->created_at,
                          contact->updated_at);
  g_string_append (s, "\"custom_attributes\":{\"plan\":");
  if (self->plan_is_number)
    g_string_append_printf (s, "%d", (int) strlen (contact->plan));
  else
    append_text (s, contact->plan);
  if (self->has_score)
    g_string_append_printf (s, ",\"score\":%d", (int) (contact->updated_at % 100));
  g_string_append (s, "},\"location\":{\"type\":\"location\",\"country\":\"Austria\",\"region\":null,\"city\":\"Graz\"},");
  g_string_append (s, "\"tags\":{\"type\":\"list\",\"data\":[],\"total_count\":0,\"has_more\":false},");
  g_string_append (s, "\"companies\":{\"type\":\"list\",\"data\":[");
  for (guint i = 0; i < MIN (contact->companies->len, MAX_INLINE); i++)
    {
      const FakeCompany *company = self->companies->pdata[g_array_index (contact->companies, guint, i)];

      g_string_append_printf (s, "%s{\"type\":\"company\",\"id\":\"%s\"}", i > 0 ? "," : "", company->id);
    }
  g_string_append_printf (s, "],\"total_count\":%u,\"has_more\":%s}", contact->companies->len,
                          contact->companies->len > MAX_INLINE ? "true" : "false");
  if (history && strcmp (contact->role, "user") == 0)
    {
      g_string_append (s, ",\"merge_history\":[");
      for (guint i = 0; i < contact->merged->len; i++)
        g_string_append_printf (s, "%s{\"type\":\"merge_history\",\"source_contact_id\":\"%s\",\"source_contact_role\":\"lead\",\"merged_at\":%" PRId64 "}",
                                i > 0 ? "," : "", (char *) contact->merged->pdata[i], contact->updated_at);
      g_string_append (s, "]");
    }
  g_string_append_c (s, '}');
}

static void
append_conversation (FakeIntercom *self, GString *s, const FakeConversation *talk)
{
  static const char *const states[] = { "open", "closed", "snoozed" };

  g_string_append_printf (s,
                          "{\"type\":\"conversation\",\"id\":\"%" PRId64 "\",\"title\":null,\"created_at\":%" PRId64 ",\"updated_at\":%" PRId64
                          ",\"waiting_since\":null,\"snoozed_until\":null,\"open\":%s,\"state\":\"%s\",\"read\":true,\"priority\":\"none\","
                          "\"admin_assignee_id\":%d,\"team_assignee_id\":",
                          talk->id, talk->created_at, talk->updated_at, talk->state == 0 ? "true" : "false", states[talk->state], 100 + (int) (talk->id % 3));
  if (talk->team > 0)
    g_string_append_printf (s, "%d", 500 + talk->team);
  else
    g_string_append (s, "null");
  g_string_append (s, ",\"tags\":{\"type\":\"tag.list\",\"tags\":[");
  if (talk->id % 5 == 0 && self->n_tags > 0)
    g_string_append_printf (s, "{\"type\":\"tag\",\"id\":\"%d\",\"name\":\"Tag %d\"}", 700, 700);
  g_string_append (s, "]},\"conversation_rating\":");
  if (talk->rating > 0)
    g_string_append_printf (s, "{\"rating\":%d,\"remark\":\"\",\"created_at\":%" PRId64 "}", talk->rating, talk->updated_at);
  else
    g_string_append (s, "null");
  g_string_append_printf (s,
                          ",\"source\":{\"type\":\"conversation\",\"id\":\"%" PRId64 "\",\"delivered_as\":\"customer_initiated\",\"subject\":\"\",\"body\":\"<p>Hello</p>\","
                          "\"author\":{\"type\":\"%s\",\"id\":\"x\",\"name\":\"Somebody\",\"email\":\"person%u@example.com\"}},",
                          talk->id, talk->id % 7 == 0 ? "admin" : "user", talk->contact);
  g_string_append (s, "\"contacts\":{\"type\":\"contact.list\",\"contacts\":[");
  for (guint i = 0; i <= talk->more_contacts; i++)
    {
      const FakeContact *contact = self->contacts->pdata[(talk->contact + i) % talk->of_contacts];

      g_string_append_printf (s, "%s{\"type\":\"contact\",\"id\":\"%s\",\"external_id\":null}", i > 0 ? "," : "", contact->id);
    }
  g_string_append_printf (s, "]},\"custom_attributes\":{\"Topic\":\"Billing\"},\"statistics\":{\"type\":\"conversation_statistics\",\"time_to_admin_reply\":");
  if (talk->reply > 0)
    g_string_append_printf (s, "%d,\"first_admin_reply_at\":%" PRId64, talk->reply, talk->created_at + talk->reply);
  else
    g_string_append (s, "null,\"first_admin_reply_at\":null");
  g_string_append_printf (s, ",\"count_reopens\":%d,\"count_conversation_parts\":%u}}", talk->state, talk->n_parts);
}

static void
append_ticket (FakeIntercom *self, GString *s, const FakeTicket *ticket)
{
  static const char *const states[] = { "submitted", "in_progress", "waiting_on_customer", "resolved" };
  const FakeContact *contact = self->contacts->pdata[ticket->contact % self->contacts->len];

  g_string_append_printf (s,
                          "{\"type\":\"ticket\",\"id\":\"%" PRId64 "\",\"ticket_id\":\"%" PRId64 "\",\"category\":\"Customer\",\"ticket_attributes\":{\"_default_title_\":\"Broken\","
                          "\"Severity\":\"high\"},\"ticket_state\":{\"type\":\"ticket_state\",\"id\":\"1\",\"category\":\"%s\",\"internal_label\":\"In work\",\"external_label\":\"In work\"},"
                          "\"ticket_type\":{\"type\":\"ticket_type\",\"id\":\"3\",\"name\":\"Bug\",\"category\":\"Customer\"},\"contacts\":{\"type\":\"contact.list\",\"contacts\":["
                          "{\"type\":\"contact\",\"id\":\"%s\",\"external_id\":null}]},\"created_at\":%" PRId64 ",\"updated_at\":%" PRId64 ",\"open\":true,\"is_shared\":false}",
                          ticket->id, ticket->id % 1000, states[ticket->state], contact->id, ticket->created_at, ticket->updated_at);
}

/* --- Answers ------------------------------------------------------------------------------------------------------------------------ */

static void
reply_error (FakeReply *reply, guint status, const char *code, const char *message)
{
  g_autofree char *text = g_strdup_printf ("{\"type\":\"error.list\",\"request_id\":\"b14d75ab-7d26-4191-b33f-77ca0a4d4ede\","
                                           "\"errors\":[{\"code\":\"%s\",\"message\":\"%s\"}]}", code, message);

  fake_reply_text (reply, status, text);
}

/* --- Search --------------------------------------------------------------------------------------------------------------------------- */

typedef struct
{
  int sort;        /* 0 created_at, 1 updated_at */
  gint64 from;     /* the lowest value, inclusive */
  gint64 per_page;
  gint64 after_value;
  gint64 after_number; /* index in the array; -1 from the start */
  JsonArray *ids;  /* (nullable) */
  gboolean history;
} Search;

static int
compare_contacts (gconstpointer a, gconstpointer b, gpointer data)
{
  const FakeContact *x = *(const FakeContact *const *) a, *y = *(const FakeContact *const *) b;
  gint64 p = GPOINTER_TO_INT (data) ? x->updated_at : x->created_at, q = GPOINTER_TO_INT (data) ? y->updated_at : y->created_at;

  return p != q ? (p < q ? -1 : 1) : strcmp (x->id, y->id);
}

typedef struct { FakeIntercom *self; int sort; } TalkSort;

static gint64
talk_value (FakeIntercom *self, guint i, int sort)
{
  const FakeConversation *talk = &g_array_index (self->conversations, FakeConversation, i);

  return sort ? talk->updated_at : talk->created_at;
}

static int
compare_talks (gconstpointer a, gconstpointer b, gpointer data)
{
  TalkSort *sort = data;
  guint x = *(const guint *) a, y = *(const guint *) b;
  gint64 p = talk_value (sort->self, x, sort->sort), q = talk_value (sort->self, y, sort->sort);

  return p != q ? (p < q ? -1 : 1) : x < y ? -1 : x > y;
}

static void
sort_all (FakeIntercom *self)
{
  if (!self->dirty)
    return;
  self->dirty = FALSE;
  for (int sort = 0; sort < 2; sort++)
    {
      TalkSort talk_sort = { self, sort };

      g_clear_pointer (&self->order[sort], g_ptr_array_unref);
      g_clear_pointer (&self->talk_order[sort], g_array_unref);
      self->order[sort] = g_ptr_array_new ();
      for (guint i = 0; i < self->contacts->len; i++)
        g_ptr_array_add (self->order[sort], self->contacts->pdata[i]);
      g_ptr_array_sort_with_data (self->order[sort], compare_contacts, GINT_TO_POINTER (sort));
      self->talk_order[sort] = g_array_new (FALSE, FALSE, sizeof (guint));
      for (guint i = 0; i < self->conversations->len; i++)
        g_array_append_val (self->talk_order[sort], i);
      g_array_sort_with_data (self->talk_order[sort], compare_talks, &talk_sort);
    }
}

static gboolean
holds (JsonArray *ids, const char *id)
{
  for (guint i = 0; i < json_array_get_length (ids); i++)
    if (g_strcmp0 (json_array_get_string_element (ids, i), id) == 0)
      return TRUE;
  return FALSE;
}

static void
end_page (GString *s, const char *list_end, gint64 total, const Search *search, gboolean more, gint64 last_value, gint64 last_number)
{
  g_string_append_printf (s, "%s,\"total_count\":%" PRId64 ",\"pages\":{\"type\":\"pages\",\"page\":1,\"per_page\":%" PRId64 ",\"total_pages\":1", list_end, total,
                          search->per_page);
  if (more)
    g_string_append_printf (s, ",\"next\":{\"per_page\":%" PRId64 ",\"starting_after\":\"%" PRId64 "~%" PRId64 "\"}", search->per_page, last_value, last_number);
  g_string_append (s, "}}");
}

static void
search_contacts (FakeIntercom *self, const Search *search, FakeReply *reply)
{
  GString *s = reply->body;
  gint64 total = 0, n = 0, last_value = 0, last_number = 0, now = fake_intercom_now (self);
  gboolean more = FALSE;

  sort_all (self);
  g_string_assign (s, "{\"type\":\"list\",\"data\":[");
  for (guint i = 0; i < self->order[search->sort]->len; i++)
    {
      const FakeContact *contact = self->order[search->sort]->pdata[i];
      gint64 value = search->sort ? contact->updated_at : contact->created_at, number = strtoll (contact->id + 2, NULL, 16);

      if (!fake_contact_exists (contact) || contact->indexed_at > now || (search->ids != NULL ? !holds (search->ids, contact->id) : value < search->from))
        continue;
      total++;
      if (search->after_number >= 0 && (value < search->after_value || (value == search->after_value && number <= search->after_number)))
        continue;
      if (n == search->per_page)
        {
          more = TRUE;
          continue;
        }
      if (n++ > 0)
        g_string_append_c (s, ',');
      append_contact (self, s, contact, search->history);
      last_value = value;
      last_number = number;
    }
  end_page (s, "]", total, search, more, last_value, last_number);
}

static void
search_conversations (FakeIntercom *self, const Search *search, FakeReply *reply)
{
  GString *s = reply->body;
  GArray *order;
  gint64 n = 0, last_value = 0, last_number = 0;
  gboolean more = FALSE;
  guint low = 0, high;

  sort_all (self);
  order = self->talk_order[search->sort];
  /* The first that is not before the page: 300,000 of them are not gone through for each page. */
  for (high = search->ids != NULL ? 0 : order->len; low < high;)
    {
      guint middle = (low + high) / 2, i = g_array_index (order, guint, middle);
      gint64 value = talk_value (self, i, search->sort);

      if (value < search->from || (search->after_number >= 0 && (value < search->after_value || (value == search->after_value && i <= search->after_number))))
        low = middle + 1;
      else
        high = middle;
    }
  g_string_assign (s, "{\"type\":\"conversation.list\",\"conversations\":[");
  for (guint k = low; k < order->len && !more; k++)
    {
      guint i = g_array_index (order, guint, k);
      const FakeConversation *talk = &g_array_index (self->conversations, FakeConversation, i);
      g_autofree char *id = search->ids != NULL ? g_strdup_printf ("%" PRId64, talk->id) : NULL;

      if (talk->deleted_at != 0 || (id != NULL && !holds (search->ids, id)))
        continue;
      if (n == search->per_page)
        {
          more = TRUE;
          break;
        }
      if (n++ > 0)
        g_string_append_c (s, ',');
      append_conversation (self, s, talk);
      last_value = talk_value (self, i, search->sort);
      last_number = i;
    }
  end_page (s, "]", self->conversations->len, search, more, last_value, last_number);
}

static void
search_tickets (FakeIntercom *self, const Search *search, FakeReply *reply)
{
  GString *s = reply->body;
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (guint));
  gint64 n = 0, last_value = 0, last_number = 0;
  gboolean more = FALSE;

  for (guint i = 0; i < self->tickets->len; i++)
    g_array_append_val (order, i);
  /* Few: insertion does. */
  for (guint i = 1; i < order->len; i++)
    for (guint k = i; k > 0; k--)
      {
        guint x = g_array_index (order, guint, k - 1), y = g_array_index (order, guint, k);
        const FakeTicket *a = &g_array_index (self->tickets, FakeTicket, x), *b = &g_array_index (self->tickets, FakeTicket, y);

        if ((search->sort ? a->updated_at : a->created_at) <= (search->sort ? b->updated_at : b->created_at))
          break;
        g_array_index (order, guint, k - 1) = y;
        g_array_index (order, guint, k) = x;
      }
  g_string_assign (s, "{\"type\":\"ticket.list\",\"tickets\":[");
  for (guint k = 0; k < order->len; k++)
    {
      guint i = g_array_index (order, guint, k);
      const FakeTicket *ticket = &g_array_index (self->tickets, FakeTicket, i);
      gint64 value = search->sort ? ticket->updated_at : ticket->created_at;
      g_autofree char *id = g_strdup_printf ("%" PRId64, ticket->id);

      if (ticket->deleted || (search->ids != NULL ? !holds (search->ids, id) : value < search->from)
          || (search->after_number >= 0 && (value < search->after_value || (value == search->after_value && (gint64) i <= search->after_number))))
        continue;
      if (n == search->per_page)
        {
          more = TRUE;
          break;
        }
      if (n++ > 0)
        g_string_append_c (s, ',');
      append_ticket (self, s, ticket);
      last_value = value;
      last_number = i;
    }
  end_page (s, "]", self->tickets->len, search, more, last_value, last_number);
}

/* Reads and checks the body of a search. */
static gboolean
read_search (FakeIntercom *self, const FakeRequest *request, gboolean by_day, Search *search, FakeReply *reply)
{
  JsonObject *body = request->json != NULL && JSON_NODE_HOLDS_OBJECT (request->json) ? json_node_get_object (request->json) : NULL;
  JsonObject *query = body != NULL && json_object_has_member (body, "query") ? json_object_get_object_member (body, "query") : NULL;
  JsonObject *pagination = body != NULL && json_object_has_member (body, "pagination") ? json_object_get_object_member (body, "pagination") : NULL;
  JsonObject *sort = body != NULL && json_object_has_member (body, "sort") ? json_object_get_object_member (body, "sort") : NULL;
  const char *field = query != NULL ? json_object_get_string_member_with_default (query, "field", NULL) : NULL;
  const char *operator = query != NULL ? json_object_get_string_member_with_default (query, "operator", NULL) : NULL;
  gint64 value, day;

  *search = (Search){ .per_page = 20, .after_number = -1 };
  search->history = g_strcmp0 (fake_request_query (request, "include_merge_history"), "true") == 0;
  if (field == NULL || operator == NULL || !json_object_has_member (query, "value"))
    {
      reply_error (reply, 400, "parameter_invalid", "query is missing");
      return FALSE;
    }
  if (pagination != NULL)
    {
      const char *after = json_object_get_string_member_with_default (pagination, "starting_after", NULL);

      search->per_page = json_object_get_int_member_with_default (pagination, "per_page", 20);
      if (after != NULL && sscanf (after, "%" SCNd64 "~%" SCNd64, &search->after_value, &search->after_number) != 2)
        {
          reply_error (reply, 400, "parameter_invalid", "starting_after is not a cursor");
          return FALSE;
        }
    }
  if (search->per_page < 1 || search->per_page > 150)
    {
      reply_error (reply, 400, "parameter_invalid", "per_page must be between 1 and 150");
      return FALSE;
    }
  if (sort != NULL)
    search->sort = g_strcmp0 (json_object_get_string_member_with_default (sort, "field", NULL), "updated_at") == 0;
  if (strcmp (field, "id") == 0 && strcmp (operator, "IN") == 0)
    {
      search->ids = json_object_get_array_member (query, "value");
      return TRUE;
    }
  if ((strcmp (field, "created_at") != 0 && strcmp (field, "updated_at") != 0) || strcmp (operator, ">") != 0
      || (sort != NULL && g_strcmp0 (json_object_get_string_member_with_default (sort, "field", NULL), field) != 0))
    {
      reply_error (reply, 400, "parameter_invalid", "operator is not supported on this field");
      return FALSE;
    }
  value = json_object_get_int_member (query, "value");
  search->sort = strcmp (field, "updated_at") == 0;
  /* "> X" begins with the day after that of X, in the zone of the workspace. */
  day = bv_floor_div (value + self->zone, BV_DAY_SECONDS);
  search->from = by_day ? (day + 1) * BV_DAY_SECONDS - self->zone : value + 1;
  return TRUE;
}

/* --- Scroll ------------------------------------------------------------------------------------------------------------------------- */

static void
scroll (FakeIntercom *self, const FakeRequest *request, FakeReply *reply)
{
  const char *given = fake_request_query (request, "scroll_param");
  gint64 now = fake_intercom_now (self);
  guint n = 0;

  if (self->scroll_id != NULL && now - self->scroll_used >= SCROLL_LIFE)
    g_clear_pointer (&self->scroll_id, g_free);
  if (self->companies->len == 0)
    {
      reply_error (reply, 404, "company_not_found", "Company Not Found");
      return;
    }
  if (given == NULL && self->scroll_id != NULL)
    {
      reply_error (reply, 400, "scroll_exists", "scroll already exists for this workspace");
      return;
    }
  if (given != NULL && g_strcmp0 (given, self->scroll_id) != 0)
    {
      reply_error (reply, 400, "scroll_invalid", "scroll parameter is not valid or has expired");
      return;
    }
  if (given == NULL)
    {
      self->scroll_id = g_strdup_printf ("scroll-%u", ++self->scroll_n);
      self->scroll_at = self->scroll_count = 0;
    }
  self->scroll_used = now;
  if (self->break_scroll_after > 0 && self->scroll_count++ >= self->break_scroll_after)
    {
      self->break_scroll_after = 0;
      g_free (self->scroll_id);
      /* The lock of a broken scroll stays until it expires. */
      self->scroll_id = g_strdup ("broken");
      reply_error (reply, 500, "server_error", "Request failed due to an internal network error. Please restart the scroll operation.");
      return;
    }
  g_string_assign (reply->body, "{\"type\":\"list\",\"data\":[");
  for (; self->scroll_at < self->companies->len && n < self->scroll_page; self->scroll_at++)
    {
      const FakeCompany *company = self->companies->pdata[self->scroll_at];

      if (company->deleted)
        continue;
      g_string_append_printf (reply->body,
                              "%s{\"type\":\"company\",\"id\":\"%s\",\"company_id\":\"c%u\",\"name\":\"%s\",\"plan\":{\"name\":\"pro\"},\"size\":%d,\"monthly_spend\":12,"
                              "\"created_at\":%" PRId64 ",\"updated_at\":%" PRId64 ",\"custom_attributes\":{\"tier\":\"gold\"}}",
                              n > 0 ? "," : "", company->id, self->scroll_at, company->name, company->size, company->created_at, company->updated_at);
      n++;
    }
  g_string_append_printf (reply->body, "],\"pages\":null,\"total_count\":null,\"scroll_param\":\"%s\"}", self->scroll_id);
  if (n == 0)
    g_clear_pointer (&self->scroll_id, g_free);
}

/* --- Lists --------------------------------------------------------------------------------------------------------------------------- */

static int
compare_deleted (gconstpointer a, gconstpointer b)
{
  const FakeConversation *x = *(const FakeConversation *const *) a, *y = *(const FakeConversation *const *) b;

  return x->deleted_at != y->deleted_at ? (x->deleted_at > y->deleted_at ? -1 : 1) : x->id < y->id ? -1 : x->id > y->id;
}

static void
list_deleted (FakeIntercom *self, const FakeRequest *request, FakeReply *reply)
{
  const char *page_text = fake_request_query (request, "page"), *size_text = fake_request_query (request, "per_page");
  guint page = page_text != NULL ? (guint) atoi (page_text) : 1, size = size_text != NULL ? (guint) atoi (size_text) : 20;
  g_autoptr (GPtrArray) gone = g_ptr_array_new ();

  if (page < 1 || size < 1 || size > 60)
    {
      reply_error (reply, 400, "parameter_invalid", "per_page must be at most 60");
      return;
    }
  for (guint i = 0; i < self->conversations->len; i++)
    if (g_array_index (self->conversations, FakeConversation, i).deleted_at != 0)
      g_ptr_array_add (gone, &g_array_index (self->conversations, FakeConversation, i));
  g_ptr_array_sort (gone, compare_deleted);
  g_string_assign (reply->body, "{\"type\":\"conversation.list\",\"conversations\":[");
  for (guint i = (page - 1) * size; i < MIN (gone->len, page * size); i++)
    {
      const FakeConversation *talk = gone->pdata[i];

      g_string_append_printf (reply->body, "%s{\"type\":\"conversation\",\"id\":\"%" PRId64 "\",\"metrics_retained\":true,\"deleted_at\":%" PRId64 "}",
                              i > (page - 1) * size ? "," : "", talk->id, talk->deleted_at);
    }
  g_string_append_printf (reply->body, "],\"total_count\":%u,\"pages\":{\"type\":\"pages\",\"page\":%u,\"per_page\":%u,\"total_pages\":%u}}", gone->len, page, size,
                          MAX (1, (gone->len + size - 1) / size));
}

static void
list_companies_of (FakeIntercom *self, const FakeRequest *request, const char *id, FakeReply *reply)
{
  const char *page_text = fake_request_query (request, "page"), *size_text = fake_request_query (request, "per_page");
  guint page = page_text != NULL ? (guint) atoi (page_text) : 1, size = size_text != NULL ? (guint) atoi (size_text) : 15;

  for (guint i = 0; i < self->contacts->len; i++)
    {
      const FakeContact *contact = self->contacts->pdata[i];

      if (strncmp (id, contact->id, 24) != 0 || !fake_contact_exists (contact))
        continue;
      g_string_assign (reply->body, "{\"type\":\"list\",\"companies\":[");
      for (guint k = (page - 1) * size; k < MIN (contact->companies->len, page * size); k++)
        g_string_append_printf (reply->body, "%s{\"type\":\"company\",\"id\":\"%s\"}", k > (page - 1) * size ? "," : "",
                                ((FakeCompany *) self->companies->pdata[g_array_index (contact->companies, guint, k)])->id);
      g_string_append_printf (reply->body, "],\"total_count\":%u,\"pages\":{\"type\":\"pages\",\"page\":%u,\"per_page\":%u,\"total_pages\":%u}}",
                              contact->companies->len, page, size, MAX (1, (contact->companies->len + size - 1) / size));
      return;
    }
  reply_error (reply, 404, "not_found", "User Not Found");
}

static void
show_conversation (FakeIntercom *self, gint64 id, FakeReply *reply)
{
  const FakeConversation *talk = NULL;

  if (id >= 215400001 && id < 215400001 + (gint64) self->conversations->len)
    talk = &g_array_index (self->conversations, FakeConversation, (guint) (id - 215400001));
  if (talk == NULL || talk->deleted_at != 0)
    {
      reply_error (reply, 404, "not_found", "Resource Not Found");
      return;
    }
  append_conversation (self, reply->body, talk);
  g_string_truncate (reply->body, reply->body->len - 1);
  g_string_append (reply->body, ",\"conversation_parts\":{\"type\":\"conversation_part.list\",\"conversation_parts\":[");
  for (guint i = 0; i < talk->n_parts; i++)
    g_string_append_printf (reply->body,
                            "%s{\"type\":\"conversation_part\",\"id\":\"%" PRId64 "\",\"part_type\":\"comment\",\"body\":\"<p>Hi</p>\",\"created_at\":%" PRId64 ",\"updated_at\":%" PRId64
                            ",\"author\":{\"type\":\"admin\",\"id\":\"100\",\"name\":\"Ann\",\"email\":\"ann@example.com\"},\"redacted\":false}",
                            i > 0 ? "," : "", id * 1000 + i, talk->created_at + i, talk->created_at + i);
  g_string_append_printf (reply->body, "],\"total_count\":%u}}", talk->n_parts);
}

static void
list_named (FakeReply *reply, const char *type, const char *list, const char *record, guint n, int first, const char *name)
{
  g_string_printf (reply->body, "{\"type\":\"%s\",\"%s\":[", type, list);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (reply->body, "%s{\"type\":\"%s\",\"id\":\"%d\",\"name\":\"%s %d\"}", i > 0 ? "," : "", record, first + (int) i, name, first + (int) i);
  g_string_append (reply->body, "]}");
}

static void
list_attributes (FakeIntercom *self, const char *model, FakeReply *reply)
{
  if (g_strcmp0 (model, "contact") == 0)
    {
      g_string_printf (reply->body,
                       "{\"type\":\"list\",\"data\":[{\"type\":\"data_attribute\",\"model\":\"contact\",\"name\":\"name\",\"full_name\":\"name\",\"label\":\"Name\",\"data_type\":\"string\","
                       "\"custom\":false,\"archived\":false},{\"type\":\"data_attribute\",\"id\":1,\"model\":\"contact\",\"name\":\"plan\",\"full_name\":\"custom_attributes.plan\","
                       "\"label\":\"Plan\",\"data_type\":\"%s\",\"custom\":true,\"archived\":false}", self->plan_is_number ? "integer" : "string");
      if (self->has_score)
        g_string_append (reply->body, ",{\"type\":\"data_attribute\",\"id\":2,\"model\":\"contact\",\"name\":\"score\",\"full_name\":\"custom_attributes.score\",\"label\":\"Score\","
                                      "\"data_type\":\"integer\",\"custom\":true,\"archived\":false}");
      g_string_append (reply->body, "]}");
    }
  else if (g_strcmp0 (model, "company") == 0)
    g_string_assign (reply->body, "{\"type\":\"list\",\"data\":[{\"type\":\"data_attribute\",\"id\":5,\"model\":\"company\",\"name\":\"tier\",\"full_name\":\"custom_attributes.tier\","
                                  "\"label\":\"Tier\",\"data_type\":\"string\",\"custom\":true,\"archived\":false}]}");
  else
    reply_error (reply, 422, "parameter_invalid", "model is not supported");
}

static void
handle (FakeServer *server, const FakeRequest *request, FakeReply *reply, gpointer data)
{
  FakeIntercom *self = data;
  g_autoptr (GDateTime) now = NULL;
  g_autofree char *date = NULL;
  g_autofree char *bearer = g_strdup_printf ("Bearer %s", self->token);
  g_autofree char *line = g_strdup_printf ("%s %s", request->method, request->path);
  gint64 reset;
  Search search;

  if (self->between != NULL)
    self->between (self, self->between_data);
  now = g_date_time_new_from_unix_utc (fake_intercom_now (self));
  date = soup_date_time_to_string (now, SOUP_DATE_HTTP);
  soup_message_headers_replace (reply->headers, "Date", date);
  reset = fake_intercom_now (self) + 10;
  {
    g_autofree char *text = g_strdup_printf ("%" PRId64, reset);

    soup_message_headers_replace (reply->headers, "X-RateLimit-Limit", "1666");
    soup_message_headers_replace (reply->headers, "X-RateLimit-Remaining", "1600");
    soup_message_headers_replace (reply->headers, "X-RateLimit-Reset", text);
  }
  if (g_strcmp0 (soup_message_headers_get_one (request->headers, "Authorization"), bearer) != 0)
    reply_error (reply, 401, "unauthorized", "Access Token Invalid");
  else if (g_strcmp0 (soup_message_headers_get_one (request->headers, "Intercom-Version"), "2.16") != 0)
    reply_error (reply, 400, "intercom_version_invalid", "Requested resource is not available in current API version.");
  else if (strcmp (line, "GET /me") == 0)
    g_string_printf (reply->body, "{\"type\":\"admin\",\"id\":\"1\",\"name\":\"Bot\",\"app\":{\"type\":\"app\",\"id_code\":\"abc\",\"name\":\"Jaffle\",\"region\":\"%s\",\"timezone\":\"America/Los_Angeles\"}}",
                     self->region);
  else if (strcmp (line, "POST /contacts/search") == 0)
    {
      if (read_search (self, request, TRUE, &search, reply))
        search_contacts (self, &search, reply);
    }
  else if (strcmp (line, "POST /conversations/search") == 0)
    {
      if (read_search (self, request, TRUE, &search, reply))
        search_conversations (self, &search, reply);
    }
  else if (strcmp (line, "POST /tickets/search") == 0)
    {
      if (read_search (self, request, FALSE, &search, reply))
        search_tickets (self, &search, reply);
    }
  else if (strcmp (line, "GET /companies/scroll") == 0)
    scroll (self, request, reply);
  else if (strcmp (line, "GET /companies") == 0)
    g_string_printf (reply->body, "{\"type\":\"list\",\"data\":[],\"total_count\":%u,\"pages\":{\"type\":\"pages\",\"page\":1,\"per_page\":1,\"total_pages\":1}}", self->companies->len);
  else if (strcmp (line, "GET /conversations/deleted") == 0)
    list_deleted (self, request, reply);
  else if (strcmp (line, "GET /conversations/attributes") == 0)
    g_string_assign (reply->body, "{\"type\":\"list\",\"data\":[{\"type\":\"conversation_attribute\",\"id\":3,\"name\":\"Topic\",\"data_type\":\"list\",\"archived\":false}]}");
  else if (strcmp (line, "GET /data_attributes") == 0)
    list_attributes (self, fake_request_query (request, "model"), reply);
  else if (strcmp (line, "GET /admins") == 0)
    list_named (reply, "admin.list", "admins", "admin", 3, 100, "Admin");
  else if (strcmp (line, "GET /teams") == 0)
    list_named (reply, "team.list", "teams", "team", self->n_teams, 501, "Team");
  else if (strcmp (line, "GET /tags") == 0)
    list_named (reply, "list", "data", "tag", self->n_tags, 700, "Tag");
  else if (strcmp (line, "GET /segments") == 0)
    list_named (reply, "segment.list", "segments", "segment", 2, 800, "Segment");
  else if (strcmp (line, "GET /ticket_types") == 0)
    g_string_assign (reply->body, "{\"type\":\"list\",\"data\":[{\"type\":\"ticket_type\",\"id\":\"3\",\"name\":\"Bug\",\"category\":\"Customer\",\"archived\":false,"
                                  "\"ticket_type_attributes\":{\"type\":\"ticket_type_attributes.list\",\"ticket_type_attributes\":[{\"type\":\"ticket_type_attribute\",\"id\":\"1\","
                                  "\"name\":\"_default_title_\",\"data_type\":\"string\"},{\"type\":\"ticket_type_attribute\",\"id\":\"2\",\"name\":\"Severity\",\"data_type\":\"list\"}]}}]}");
  else if (g_str_has_prefix (line, "GET /contacts/") && g_str_has_suffix (line, "/companies"))
    list_companies_of (self, request, line + strlen ("GET /contacts/"), reply);
  else if (g_str_has_prefix (line, "GET /conversations/"))
    show_conversation (self, strtoll (line + strlen ("GET /conversations/"), NULL, 10), reply);
  else
    reply_error (reply, 404, "not_found", "The requested resource was not found");
}

FakeIntercom *
fake_intercom_new (FakeClock *clock, guint64 seed, guint contacts, guint companies, guint conversations)
{
  FakeIntercom *self = g_new0 (FakeIntercom, 1);
  FakeClock dice = { .seed = seed };
  gint64 start, span = 300 * BV_DAY_SECONDS;

  self->clock = clock;
  self->token = "dG9rOmZha2U=";
  self->region = "US";
  self->zone = -8 * 3600;
  self->n_tags = 3;
  self->n_teams = 4;
  self->scroll_page = 100;
  self->contacts = g_ptr_array_new_with_free_func (contact_free);
  self->companies = g_ptr_array_new_with_free_func (company_free);
  self->conversations = g_array_new (FALSE, FALSE, sizeof (FakeConversation));
  self->tickets = g_array_new (FALSE, FALSE, sizeof (FakeTicket));
  /* Everything is older than the look-back of a sync. */
  start = fake_intercom_now (self) - span - 10 * BV_DAY_SECONDS;
  for (guint i = 0; i < companies; i++)
    fake_intercom_add_company (self, start + draw (&dice, (guint) span));
  for (guint i = 0; i < contacts; i++)
    {
      FakeContact *contact = fake_intercom_add_contact (self, i % 4 == 3 ? "lead" : "user", start + draw (&dice, (guint) span));
      guint n = companies > 0 ? (i % 50 == 7 ? 13 : i % 3 == 0 ? 0 : 1) : 0;

      for (guint k = 0; k < MIN (n, companies); k++)
        {
          guint company = (i + k) % companies;

          g_array_append_val (contact->companies, company);
        }
    }
  for (guint i = 0; i < conversations; i++)
    {
      FakeConversation *talk = fake_intercom_add_conversation (self, draw (&dice, MAX (contacts, 1)), start + draw (&dice, (guint) span));

      talk->state = (int) draw (&dice, 3);
      talk->rating = (int) draw (&dice, 6);
      talk->reply = (int) draw (&dice, 5000);
    }
  for (guint i = 0; i < conversations / 10; i++)
    fake_intercom_add_ticket (self, draw (&dice, MAX (contacts, 1)), start + draw (&dice, (guint) span));
  self->server = fake_server_new (handle, self);
  return self;
}

void
fake_intercom_free (FakeIntercom *self)
{
  if (self == NULL)
    return;
  fake_server_free (self->server);
  g_ptr_array_unref (self->contacts);
  g_ptr_array_unref (self->companies);
  g_array_unref (self->conversations);
  g_array_unref (self->tickets);
  g_free (self->scroll_id);
  for (int i = 0; i < 2; i++)
    {
      g_clear_pointer (&self->order[i], g_ptr_array_unref);
      g_clear_pointer (&self->talk_order[i], g_array_unref);
    }
  g_free (self);
}
