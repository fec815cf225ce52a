/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads that wait for work, so that a scan of a millisecond need not start any. */
#pragma once

/* Runs @run on each of the @n @tasks, the first on the calling thread, and returns when all are done. Tasks must not wait for each other. */
void bv_pool_run (void (*run) (void *task), void **tasks, unsigned n);
