/* A small program to be recorded by memory profilers: see record.sh. */
#include <stdlib.h>
#include <string.h>

#ifdef AD_HOC
#include <valgrind/dhat.h>
#else
#define DHAT_AD_HOC_EVENT(weight)
#endif

enum { JARS = 24, SHELVES = 6 };

static char *fill_jar(size_t size)
{
    char *jar = malloc(size);
    memset(jar, 'x', size);
    return jar;
}

static char *stack_shelf(char *shelf, size_t size)
{
    return realloc(shelf, size);
}

static void cook(int jars)
{
    char *pot[JARS];
    for (int i = 0; i < jars; i++)
        pot[i] = fill_jar((size_t)400 * (size_t)(i + 1));
    DHAT_AD_HOC_EVENT(jars);
    for (int i = 0; i < jars; i++)
        free(pot[i]);
}

static char *stock(void)
{
    char *shelf = NULL;
    for (int i = 1; i <= SHELVES; i++) {
        shelf = stack_shelf(shelf, (size_t)5000 * (size_t)i);
        memset(shelf, 'y', (size_t)5000 * (size_t)i);
        cook(i * JARS / SHELVES);
    }
    return shelf;
}

int main(void)
{
    char *shelf = stock(), *forgotten = fill_jar(700);
    cook(JARS / 2);
    free(shelf);
    return forgotten[0] == 'y';
}
