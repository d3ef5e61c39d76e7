// Before Python.h: it would otherwise clash with the Glibc module over `fd_set`.
#include <sys/select.h>
#define PY_SSIZE_T_CLEAN
#include <Python.h>
