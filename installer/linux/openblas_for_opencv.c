/* OpenCV's wheel for Linux brings an OpenBLAS of its own (37 MB) beside that of NumPy. This takes its place: the nineteen
 * functions that OpenCV asks for, answered by the one that NumPy uses. The one difference is the size of whole numbers:
 * 32 bits in what OpenCV calls, 64 bits there. installer/one_openblas.py compiles it and holds it against the original. */

#include <stdint.h>
#include <stdlib.h>

/* The papers of a build tell it from the original by this. */
const char desktop_affect_part[] = "a part of Desktop Affect: calls of OpenBLAS, handed on from OpenCV";

typedef int64_t wide;

#define GEMM(p, scalar)                                                                                              \
    void cblas_##p##gemm64_(int, int, int, wide, wide, wide, scalar, const void *, wide, const void *, wide, scalar, \
                            void *, wide);                                                                           \
    void cblas_##p##gemm(int order, int ta, int tb, int m, int n, int k, scalar alpha, const void *a, int lda,       \
                         const void *b, int ldb, scalar beta, void *c, int ldc)                                      \
    {                                                                                                                \
        cblas_##p##gemm64_(order, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);                             \
    }

GEMM(s, float)
GEMM(d, double)
GEMM(c, const void *)
GEMM(z, const void *)

/* LAPACK takes every number by its address, and after the last one the lengths of its letters (all one). */
#define WIDE(x) wide x##_ = *x

static void narrow(int *to, const wide *from, int count)
{
    for (int i = 0; i < count; i++) to[i] = (int)from[i];
}

static int smaller(int a, int b) { return a < b ? a : b; }

#define LAPACK(p, real)                                                                                              \
    void p##gesv_64_(wide *, wide *, real *, wide *, wide *, real *, wide *, wide *);                                \
    void p##gesv_(int *n, int *nrhs, real *a, int *lda, int *ipiv, real *b, int *ldb, int *info)                     \
    {                                                                                                                \
        WIDE(n); WIDE(nrhs); WIDE(lda); WIDE(ldb); wide info_ = 0;                                                   \
        wide *ipiv_ = calloc(*n > 0 ? *n : 1, sizeof(wide));                                                         \
        if (!ipiv_) { *info = 1; return; }                                                                           \
        p##gesv_64_(&n_, &nrhs_, a, &lda_, ipiv_, b, &ldb_, &info_);                                                 \
        narrow(ipiv, ipiv_, *n); free(ipiv_); *info = (int)info_;                                                    \
    }                                                                                                                \
    void p##getrf_64_(wide *, wide *, real *, wide *, wide *, wide *);                                               \
    void p##getrf_(int *m, int *n, real *a, int *lda, int *ipiv, int *info)                                          \
    {                                                                                                                \
        WIDE(m); WIDE(n); WIDE(lda); wide info_ = 0; int count = smaller(*m, *n);                                    \
        wide *ipiv_ = calloc(count > 0 ? count : 1, sizeof(wide));                                                   \
        if (!ipiv_) { *info = 1; return; }                                                                           \
        p##getrf_64_(&m_, &n_, a, &lda_, ipiv_, &info_);                                                             \
        narrow(ipiv, ipiv_, count); free(ipiv_); *info = (int)info_;                                                 \
    }                                                                                                                \
    void p##posv_64_(char *, wide *, wide *, real *, wide *, real *, wide *, wide *, size_t);                        \
    void p##posv_(char *uplo, int *n, int *nrhs, real *a, int *lda, real *b, int *ldb, int *info)                    \
    {                                                                                                                \
        WIDE(n); WIDE(nrhs); WIDE(lda); WIDE(ldb); wide info_ = 0;                                                   \
        p##posv_64_(uplo, &n_, &nrhs_, a, &lda_, b, &ldb_, &info_, 1); *info = (int)info_;                           \
    }                                                                                                                \
    void p##potrf_64_(char *, wide *, real *, wide *, wide *, size_t);                                               \
    void p##potrf_(char *uplo, int *n, real *a, int *lda, int *info)                                                 \
    {                                                                                                                \
        WIDE(n); WIDE(lda); wide info_ = 0;                                                                          \
        p##potrf_64_(uplo, &n_, a, &lda_, &info_, 1); *info = (int)info_;                                            \
    }                                                                                                                \
    void p##gels_64_(char *, wide *, wide *, wide *, real *, wide *, real *, wide *, real *, wide *, wide *, size_t); \
    void p##gels_(char *trans, int *m, int *n, int *nrhs, real *a, int *lda, real *b, int *ldb, real *work,          \
                  int *lwork, int *info)                                                                             \
    {                                                                                                                \
        WIDE(m); WIDE(n); WIDE(nrhs); WIDE(lda); WIDE(ldb); WIDE(lwork); wide info_ = 0;                             \
        p##gels_64_(trans, &m_, &n_, &nrhs_, a, &lda_, b, &ldb_, work, &lwork_, &info_, 1); *info = (int)info_;      \
    }                                                                                                                \
    void p##geqrf_64_(wide *, wide *, real *, wide *, real *, real *, wide *, wide *);                               \
    void p##geqrf_(int *m, int *n, real *a, int *lda, real *tau, real *work, int *lwork, int *info)                  \
    {                                                                                                                \
        WIDE(m); WIDE(n); WIDE(lda); WIDE(lwork); wide info_ = 0;                                                    \
        p##geqrf_64_(&m_, &n_, a, &lda_, tau, work, &lwork_, &info_); *info = (int)info_;                            \
    }                                                                                                                \
    void p##gesdd_64_(char *, wide *, wide *, real *, wide *, real *, real *, wide *, real *, wide *, real *,        \
                      wide *, wide *, wide *, size_t);                                                               \
    void p##gesdd_(char *jobz, int *m, int *n, real *a, int *lda, real *s, real *u, int *ldu, real *vt, int *ldvt,   \
                   real *work, int *lwork, int *iwork, int *info)                                                    \
    {                                                                                                                \
        WIDE(m); WIDE(n); WIDE(lda); WIDE(ldu); WIDE(ldvt); WIDE(lwork); wide info_ = 0; (void)iwork;                \
        wide *iwork_ = calloc(8 * (size_t)(smaller(*m, *n) > 0 ? smaller(*m, *n) : 1), sizeof(wide));                \
        if (!iwork_) { *info = 1; return; }                                                                          \
        p##gesdd_64_(jobz, &m_, &n_, a, &lda_, s, u, &ldu_, vt, &ldvt_, work, &lwork_, iwork_, &info_, 1);           \
        free(iwork_); *info = (int)info_;                                                                            \
    }

LAPACK(s, float)
LAPACK(d, double)

void dgeev_64_(char *, char *, wide *, double *, wide *, double *, double *, double *, wide *, double *, wide *,
               double *, wide *, wide *, size_t, size_t);
void dgeev_(char *jobvl, char *jobvr, int *n, double *a, int *lda, double *wr, double *wi, double *vl, int *ldvl,
            double *vr, int *ldvr, double *work, int *lwork, int *info)
{
    WIDE(n); WIDE(lda); WIDE(ldvl); WIDE(ldvr); WIDE(lwork);
    wide info_ = 0;
    dgeev_64_(jobvl, jobvr, &n_, a, &lda_, wr, wi, vl, &ldvl_, vr, &ldvr_, work, &lwork_, &info_, 1, 1);
    *info = (int)info_;
}
