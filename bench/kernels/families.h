/* SPDX-License-Identifier: MIT
 *
 * The families of rows, one a file: each function registers the rows of bench_FAMILY.c. Names of
 * rows are FAMILY/WHO/PART:VALUE/..., the same for every run, so that runs can be compared.
 */
#ifndef DESCENT_BENCH_FAMILIES_H
#define DESCENT_BENCH_FAMILIES_H

void read_pass_register(void);
void gemm_register(void);
void gd_epoch_register(void);
void sgd_epoch_register(void);
void sparse_register(void);  /* of both, over sparse data */
void reduced_register(void); /* SVRG and SAGA, likewise */
void load_csv_register(void);
void load_libsvm_register(void);
void store_register(void);

#endif
