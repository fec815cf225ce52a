/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bv-application.h"

#include <glib/gi18n.h>
#include <locale.h>

int
main (int   argc,
      char *argv[])
{
  g_autoptr(BvApplication) application = NULL;
  /* Set by build-aux/run, so that an uninstalled build speaks the user's language. */
  const char *locale_dir = g_getenv ("BELVEDERE_LOCALEDIR");
  int status;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locale_dir != NULL ? locale_dir : LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  application = bv_application_new ();
  status = g_application_run (G_APPLICATION (application), argc, argv);
  return status != 0 ? status : bv_application_get_status (application);
}
