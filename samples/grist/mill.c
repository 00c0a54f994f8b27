/* A mill: recursion, a cycle of three, pointers to functions, and work that takes its time. */
#include <stdio.h>
#include <stdlib.h>

static volatile unsigned dust;

static void turn(unsigned rounds)
{
    for (unsigned i = 0; i < rounds * 60000; i++)
        dust += i ^ (dust << 1);
}

static void sieve(unsigned grain);
static void crush(unsigned grain);

static void grind(unsigned grain)
{
    turn(grain);
    if (grain > 1)
        crush(grain - 1);
}

static void crush(unsigned grain)
{
    turn(1);
    if (grain > 1)
        sieve(grain - 1);
}

static void sieve(unsigned grain)
{
    turn(2);
    if (grain > 1)
        grind(grain - 1);
}

static unsigned halve(unsigned sack)
{
    turn(1);
    return sack < 2 ? 1 : halve(sack / 2) + halve(sack - sack / 2);
}

static int by_weight(const void *left, const void *right)
{
    unsigned a = *(const unsigned *)left, b = *(const unsigned *)right;
    turn(1);
    return a < b ? -1 : a > b;
}

int main(void)
{
    unsigned sacks[200];
    for (unsigned i = 0; i < 200; i++)
        sacks[i] = (i * 7919) % 200;
    for (unsigned day = 0; day < 6; day++) {
        grind(40);
        qsort(sacks, 200, sizeof *sacks, by_weight);
        sacks[day] = halve(500) + day;
    }
    printf("%u\n", sacks[0]);
    return 0;
}
