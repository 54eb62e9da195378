/* SPDX-License-Identifier: MIT
 *
 * The two principal components of a set: the orthogonal directions along which its rows vary most,
 * that is the eigenvectors of the covariance C = (1/n) sum (x - mean)(x - mean)' with the largest
 * eigenvalues. A set of many features is shown in the plane of these two.
 *
 * C is never formed: v <- C v, made orthogonal to what was found before and of length 1, until v' C
 * v settles (the power method). A pass costs two readings of the data, and a sparse set stays
 * sparse.
 *
 * Reference: Golub and Van Loan, "Matrix Computations", section 8.2.
 */
#ifndef DESCENT_DATA_PRINCIPAL_H
#define DESCENT_DATA_PRINCIPAL_H

#include "data/dataset.h"

enum { PRINCIPAL_AXES = 2 };

struct principal {
    double *mean;                  /* (d) */
    double *axes;                  /* (2, d) of length 1; the largest entry of each is positive */
    double shares[PRINCIPAL_AXES]; /* of the variance of the rows, along each */
};

/* d must be 2 or more. Clear with principal_clear(). */
struct principal principal_components(const struct dataset *data);
void principal_clear(struct principal *principal);

#endif
