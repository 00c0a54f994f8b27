/* A bakery that says what it does: three bakers, one of them without a name, and a shelf. */
#define PROFVIZ_TRACE_IMPLEMENTATION
#include "profviz_trace.h"

#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t shelf_lock = PTHREAD_MUTEX_INITIALIZER;
static int shelf;

static void spend(long microseconds)
{
    struct timespec pause = {0, microseconds * 1000};
    nanosleep(&pause, NULL);
}

static void knead(int loaf)
{
    profviz_trace_begin("knead the dough");
    spend(300 + 40 * loaf);
    profviz_trace_end("knead the dough");
}

static void put_on_shelf(void)
{
    pthread_mutex_lock(&shelf_lock);
    profviz_trace_count("loaves on the shelf", ++shelf);
    pthread_mutex_unlock(&shelf_lock);
}

static void bake(int loaf)
{
    profviz_trace_begin("bake");
    knead(loaf);
    unsigned long long begin = profviz_trace_now();
    spend(700);
    profviz_trace_span("oven", begin);
    put_on_shelf();
    profviz_trace_end(NULL);
}

static void *work(void *name)
{
    if (name)
        profviz_trace_thread((const char *)name);
    for (int loaf = 0; loaf < 4; loaf++)
        bake(loaf);
    return NULL;
}

int main(int count, char **arguments)
{
    static char first[] = "Anna", second[] = "Bo";
    pthread_t bakers[2];
    if (profviz_trace_open(count > 1 ? arguments[1] : getenv("BAKERY_TRACE"), "bakery"))
        return 1;
    profviz_trace_begin("open the shop");
    pthread_create(&bakers[0], NULL, work, first);
    pthread_create(&bakers[1], NULL, work, second);
    work(NULL);
    pthread_join(bakers[0], NULL);
    pthread_join(bakers[1], NULL);
    profviz_trace_end("open the shop");
    return profviz_trace_close() ? 1 : 0;
}
