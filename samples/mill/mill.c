/* A mill without a library, so that its profile holds nothing but itself: functions that call
 * themselves (grind), each other (sift, shake), and one in two places. */
#include "mill.h"

static volatile int flour = 1;

__attribute__((noinline)) static int weigh(int grain)
{
    return coarse(grain) + coarse(grain + 1);
}

__attribute__((noinline)) static int grind(int grain)
{
    flour += weigh(grain);
    return grain > 1 ? grind(grain / 2) + grind(grain / 3) : grain;
}

__attribute__((noinline)) static int shake(int grain);

__attribute__((noinline)) static int sift(int grain)
{
    return grain > 0 ? shake(grain - 1) + weigh(grain) : 1;
}

__attribute__((noinline)) static int shake(int grain)
{
    return grain > 0 ? sift(grain - 2) : flour;
}

__attribute__((noinline)) static int mill(int sacks)
{
    int sum = 0;
    for (int i = 1; i <= sacks; i++)
        sum += grind(i * 7) + sift(i * 5);
    return sum;
}

void _start(void)
{
    long code = mill(12) & 1;
    __asm__ volatile("syscall" : : "a"(60L), "D"(code) : "memory");
}
