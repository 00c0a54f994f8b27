/* Something for uftrace: calls within calls, and recursion. */
static int shuttle(int turns) { return turns > 0 ? shuttle(turns - 1) + 1 : 0; }
static int weave(int rows)
{
    int sum = 0;
    for (int i = 0; i < rows; i++)
        sum += shuttle(i % 4);
    return sum;
}
int main(void) { return weave(24) == 0; }
