// A little to compile: templates within templates, so that there is something to see.
template <int N> struct Thread {
    static constexpr int length = Thread<N - 1>::length + N;
};
template <> struct Thread<0> {
    static constexpr int length = 0;
};
template <typename A, typename B> struct Weave {
    A warp;
    B weft;
    int count() const { return warp.length + weft.length; }
};
int loom(int turns)
{
    Weave<Thread<40>, Weave<Thread<30>, Thread<20>>> cloth;
    int sum = cloth.weft.count();
    for (int i = 0; i < turns; i++)
        sum += i * cloth.warp.length;
    return sum;
}
