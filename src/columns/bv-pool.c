/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A queue under one lock; threads are started when there is more work than threads that wait, at most MAX_WORKERS, and stay. The caller takes back what
 * nobody has begun, so that work goes on even where no thread can be had. POSIX threads rather than GLib's, because thread checkers see through
 * them.
 *
 * Workers are kept off the processor that the caller runs on. Where few processors share a cache and one of them is busy, Linux does not look for an
 * idle one when it wakes a thread (SIS_UTIL in kernel/sched/fair.c): the worker would wait behind its caller for up to a tick, longer than most
 * dashboards take. A thread is as nice as its maker, for good: work in the background starts none, and makes do with those that are there.
 */
#include "bv-pool.h"

#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <sys/resource.h>
#include <unistd.h>

#define MAX_WORKERS 16

typedef struct Item Item;
struct Item
{
  void (*run) (void *task);
  void *task;
  unsigned *n_left; /* of the call it belongs to */
  Item *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
static pthread_cond_t done = PTHREAD_COND_INITIALIZER;
static Item *queue;
static unsigned n_workers, n_waiting;
static pthread_t workers[MAX_WORKERS];
static int avoided = -1; /* the processor that workers are kept off */

/* With the lock held, which is let go while the item runs. */
static void
run_item (Item *item)
{
  unsigned *n_left = item->n_left;

  pthread_mutex_unlock (&lock);
  item->run (item->task);
  pthread_mutex_lock (&lock);
  if (--*n_left == 0)
    pthread_cond_broadcast (&done);
}

static void *
worker (void *unused)
{
  (void) unused;
  pthread_mutex_lock (&lock);
  for (;;)
    {
      Item *item = queue;

      if (item == NULL)
        {
          n_waiting++;
          pthread_cond_wait (&wake, &lock);
          n_waiting--;
          continue;
        }
      queue = item->next;
      run_item (item);
    }
  return NULL;
}

/* With the lock held. */
static void
start_worker (void)
{
  pthread_attr_t attributes;
  pthread_t thread;

  if (n_workers >= MAX_WORKERS || getpriority (PRIO_PROCESS, 0) > getpriority (PRIO_PROCESS, (id_t) getpid ()) || pthread_attr_init (&attributes) != 0)
    return;
  pthread_attr_setdetachstate (&attributes, PTHREAD_CREATE_DETACHED);
  if (pthread_create (&thread, &attributes, worker, NULL) == 0)
    workers[n_workers++] = thread;
  pthread_attr_destroy (&attributes);
  avoided = -1;
}

/* With the lock held. What cannot be set is no error: work is done wherever its thread runs. */
static void
leave_processor (void)
{
  cpu_set_t allowed;
  int here = sched_getcpu ();

  if (here < 0 || here == avoided || sched_getaffinity (0, sizeof allowed, &allowed) != 0)
    return;
  avoided = here;
  CPU_CLR (here, &allowed);
  for (unsigned i = 0; i < n_workers && CPU_COUNT (&allowed) > 0; i++)
    pthread_setaffinity_np (workers[i], sizeof allowed, &allowed);
}

void
bv_pool_run (void (*run) (void *task), void **tasks, unsigned n)
{
  Item items[MAX_WORKERS];
  unsigned n_items = n - 1 < MAX_WORKERS ? n - 1 : MAX_WORKERS, n_left = n_items;

  pthread_mutex_lock (&lock);
  for (unsigned i = 0; i < n_items; i++)
    {
      items[i] = (Item){ run, tasks[i + 1], &n_left, queue };
      queue = &items[i];
      if (n_waiting <= i)
        start_worker ();
    }
  if (n_items > 0)
    {
      leave_processor ();
      pthread_cond_broadcast (&wake);
    }
  pthread_mutex_unlock (&lock);
  run (tasks[0]);
  for (unsigned i = n_items + 1; i < n; i++)
    run (tasks[i]);
  pthread_mutex_lock (&lock);
  while (n_left > 0)
    {
      Item **place = &queue;

      while (*place != NULL && (*place)->n_left != &n_left)
        place = &(*place)->next;
      if (*place != NULL)
        {
          Item *mine = *place;

          *place = mine->next;
          run_item (mine);
        }
      else
        pthread_cond_wait (&done, &lock);
    }
  pthread_mutex_unlock (&lock);
}
