/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Formulas over metrics: numbers, [metric names], + - * / and brackets. They work on aggregated values. */
#pragma once

#include "bv-error.h"

G_BEGIN_DECLS

typedef struct _BvFormula BvFormula;

/* Errors say what was expected and at which character. Names may be without brackets when they are one word. */
BvFormula   *bv_formula_parse     (const char *text, GError **error);
void         bv_formula_free      (BvFormula *formula);
/* The metrics named, in order of appearance, each once. (transfer none) (element-type utf8) */
GPtrArray   *bv_formula_get_names (BvFormula *formula);
/**
 * bv_formula_evaluate:
 * @values: one per name, NAN for null
 *
 * Returns: the value; NAN (null) when an operand is null or a divisor is zero
 */
double       bv_formula_evaluate  (BvFormula *formula, const double *values);
/* The text with every mention of a metric renamed. (transfer full) */
char        *bv_formula_rename    (const char *text, const char *old_name, const char *new_name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BvFormula, bv_formula_free)

G_END_DECLS
