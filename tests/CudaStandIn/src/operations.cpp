// All instructions that compute, by their opcodes.
#include "lanes.h"
#include "options.h"
#include <cfenv>
#include <cmath>
#include <limits>
#include <unordered_map>

namespace standin {

namespace {

using Table = std::unordered_map<std::string, Operation>;

// float32 results that are no number are always this one on the device.
inline float canonical(float x) { return x != x ? bits<float>(0x7fffffffu) : x; }
inline double canonical(double x) { return x; }

// ---- Integers

template <class T> using Unsigned = std::make_unsigned_t<T>;
template <class T> constexpr int width = int(sizeof(T) * 8);

struct Add { template <class T> static T of(T a, T b) { return T(Unsigned<T>(a) + Unsigned<T>(b)); } };
struct Sub { template <class T> static T of(T a, T b) { return T(Unsigned<T>(a) - Unsigned<T>(b)); } };

struct MulLo { template <class T> static T of(T a, T b) { return T(uint64_t(a) * uint64_t(b)); } };

struct MulHi {
    template <class T> static T of(T a, T b) {
        using Wide = std::conditional_t<std::is_signed_v<T>, __int128, unsigned __int128>;
        return T((Wide(a) * Wide(b)) >> width<T>);
    }
};

template <class R> struct MulWide { template <class T> static R of(T a, T b) { return R(R(a) * R(b)); } };
struct MadLo { template <class T> static T of(T a, T b, T c) { return T(uint64_t(a) * uint64_t(b) + uint64_t(c)); } };
struct MadHi { template <class T> static T of(T a, T b, T c) { return Add::of(MulHi::of(a, b), c); } };
template <class R> struct MadWide { template <class T> static R of(T a, T b, R c) { return Add::of(R(R(a) * R(b)), c); } };

// By zero: what devices give, though the manual leaves it open.
struct Div {
    template <class T> static T of(T a, T b) {
        if (b == 0) return T(-1);
        if (std::is_signed_v<T> && b == T(-1)) return T(Unsigned<T>(0) - Unsigned<T>(a));
        return T(a / b);
    }
};

struct Rem {
    template <class T> static T of(T a, T b) {
        if (b == 0) return a;
        if (std::is_signed_v<T> && b == T(-1)) return 0;
        return T(a % b);
    }
};

struct Min { template <class T> static T of(T a, T b) { return a < b ? a : b; } };
struct Max { template <class T> static T of(T a, T b) { return a > b ? a : b; } };
struct Neg { template <class T> static T of(T a) { return T(Unsigned<T>(0) - Unsigned<T>(a)); } };
struct Abs { template <class T> static T of(T a) { return a < 0 ? Neg::of(a) : a; } };
struct Sad { template <class T> static T of(T a, T b, T c) { return Add::of(c, a < b ? Sub::of(b, a) : Sub::of(a, b)); } };
struct And { template <class T> static T of(T a, T b) { return a & b; } };
struct Or { template <class T> static T of(T a, T b) { return a | b; } };
struct Xor { template <class T> static T of(T a, T b) { return a ^ b; } };
struct Not { template <class T> static T of(T a) { return T(~a); } };
struct CNot { template <class T> static T of(T a) { return a == 0; } };
struct Copy { template <class T> static T of(T a) { return a; } };

// Shifts by more than the width give zeros, or copies of the sign.
struct Shl { template <class T> static T of(T a, uint32_t n) { return n >= uint32_t(width<T>) ? T(0) : T(Unsigned<T>(a) << n); } };
struct Shr { template <class T> static T of(T a, uint32_t n) { return n >= uint32_t(width<T>) ? T(a < 0 ? -1 : 0) : T(a >> n); } };

template <bool isLeft, bool isWrapping> struct Funnel {
    static uint32_t of(uint32_t low, uint32_t high, uint32_t n) {
        n = isWrapping ? n & 31 : n > 32 ? 32 : n;
        uint64_t both = uint64_t(high) << 32 | low;
        return isLeft ? uint32_t(both << n >> 32) : uint32_t(both >> n);
    }
};

struct Popc { template <class T> static uint32_t of(T a) { return uint32_t(__builtin_popcountll(a)); } };
struct Clz { template <class T> static uint32_t of(T a) { return a == 0 ? uint32_t(width<T>) : uint32_t(__builtin_clzll(uint64_t(a)) - (64 - width<T>)); } };

struct Brev {
    template <class T> static T of(T a) {
        T r = 0;
        for (int i = 0; i < width<T>; i++) r |= T(T(a >> i) & 1) << (width<T> - 1 - i);
        return r;
    }
};

struct BFind {
    template <class T> static uint32_t of(T a) {
        auto u = Unsigned<T>(std::is_signed_v<T> && a < 0 ? ~a : a);
        return u == 0 ? 0xffffffffu : uint32_t(63 - __builtin_clzll(uint64_t(u)));
    }
};

template <class T> void bfe(Warp& w, const Instruction& i, uint32_t mask) {
    void* d = w.at(i.d);
    const void *a = w.at(i.a), *b = w.at(i.b), *c = w.at(i.c);
    forLanes(mask, [=](int l) {
        T value = get<T>(a, l);
        uint32_t from = get<uint32_t>(b, l) & 0xff, length = get<uint32_t>(c, l) & 0xff, n = uint32_t(width<T>);
        bool sign = std::is_signed_v<T> && length != 0 && (value >> (from + length - 1 < n - 1 ? from + length - 1 : n - 1) & 1);
        T result = sign ? T(-1) : T(0);
        for (uint32_t k = 0; k < length && k < n && from + k < n; k++) {
            auto one = Unsigned<T>(1) << k;
            result = (value >> (from + k)) & 1 ? T(Unsigned<T>(result) | one) : T(Unsigned<T>(result) & ~one);
        }
        put<T>(d, l, result);
    });
}

template <class T> void bfi(Warp& w, const Instruction& i, uint32_t mask) {
    void* d = w.at(i.d);
    const void *a = w.at(i.a), *b = w.at(i.b), *c = w.at(i.c), *e = w.at(i.v[0]);
    forLanes(mask, [=](int l) {
        T value = get<T>(a, l), result = get<T>(b, l);
        uint32_t from = get<uint32_t>(c, l) & 0xff, length = get<uint32_t>(e, l) & 0xff, n = uint32_t(width<T>);
        for (uint32_t k = 0; k < length && k < n && from + k < n; k++) {
            T one = T(1) << (from + k);
            result = value >> k & 1 ? result | one : result & ~one;
        }
        put<T>(d, l, result);
    });
}

struct Prmt {
    static uint32_t of(uint32_t a, uint32_t b, uint32_t selection) {
        uint64_t both = uint64_t(b) << 32 | a;
        uint32_t r = 0;
        for (int i = 0; i < 4; i++) {
            uint32_t s = selection >> 4 * i & 0xf;
            uint32_t byte = uint32_t(both >> 8 * (s & 7)) & 0xff;
            if (s & 8) byte = byte & 0x80 ? 0xff : 0;
            r |= byte << 8 * i;
        }
        return r;
    }
};

struct Lop3 {
    template <class T> static T table(T a, T b, T c, uint32_t t) {
        T r = 0;
        for (int k = 0; k < 8; k++) if (t >> k & 1) r |= (k & 4 ? a : ~a) & (k & 2 ? b : ~b) & (k & 1 ? c : ~c);
        return r;
    }
};

void lop3(Warp& w, const Instruction& i, uint32_t mask) {
    void* d = w.at(i.d);
    const void *a = w.at(i.a), *b = w.at(i.b), *c = w.at(i.c), *t = w.at(i.v[0]);
    forLanes(mask, [=](int l) { put(d, l, Lop3::table(get<uint32_t>(a, l), get<uint32_t>(b, l), get<uint32_t>(c, l), get<uint32_t>(t, l))); });
}

// ---- Floats

struct FAdd { template <class T> static T of(T a, T b) { return canonical(a + b); } };
struct FSub { template <class T> static T of(T a, T b) { return canonical(a - b); } };
struct FMul { template <class T> static T of(T a, T b) { return canonical(a * b); } };
struct FDiv { template <class T> static T of(T a, T b) { return canonical(a / b); } };
struct Rcp { template <class T> static T of(T a) { return canonical(1 / a); } };
struct FNeg { template <class T> static T of(T a) { return -a; } };
struct FAbs { template <class T> static T of(T a) { return std::fabs(a); } };
struct Sqrt { template <class T> static T of(T a) { return canonical(std::sqrt(a)); } };
inline float fused(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
inline double fused(double a, double b, double c) { return __builtin_fma(a, b, c); }
struct Fma { template <class T> static T of(T a, T b, T c) { return canonical(fused(a, b, c)); } };
struct Fms { template <class T> static T of(T a, T b, T c) { return canonical(fused(a, b, -c)); } };       // a·b − c
struct Fnma { template <class T> static T of(T a, T b, T c) { return canonical(fused(-a, b, c)); } };      // c − a·b

// One number wins over none, and +0 is more than −0.
struct FMin {
    template <class T> static T of(T a, T b) {
        if (a != a) return canonical(b);
        if (b != b) return a;
        return a < b || (a == b && std::signbit(a)) ? a : b;
    }
};

struct FMax {
    template <class T> static T of(T a, T b) {
        if (a != a) return canonical(b);
        if (b != b) return a;
        return a > b || (a == b && !std::signbit(a)) ? a : b;
    }
};

struct CopySign { template <class T> static T of(T a, T b) { return std::copysign(b, a); } };   // the sign of the first on the second
struct Flush { static float of(float a) { return std::fabs(a) < 0x1p-126f ? std::copysign(0.0f, a) : a; } };
struct Saturate { template <class T> static T of(T a) { return a != a || a < 0 ? T(0) : a > 1 ? T(1) : a; } };

// Another rounding than to nearest.
template <int mode, class F> struct Rounded {
    template <class... T> __attribute__((noinline, optimize("rounding-math"))) static auto of(T... x) {
        int before = fegetround();
        fesetround(mode);
        volatile auto r = F::of(x...);
        fesetround(before);
        return decltype(F::of(x...))(r);
    }
};

// ---- Approximations. Exact by default; on request each errs by a pseudo-random part of the most that the manual allows.

inline double noise(uint64_t seed) {            // −1 to 1, from the operand's bits
    seed = (seed ^ seed >> 31) * 0x9e3779b97f4a7c15u;
    seed = (seed ^ seed >> 29) * 0xbf58476d1ce4e5b9u;
    return double(int64_t(seed)) * 0x1p-63;
}

template <class F> struct Exact { template <class... T> static auto of(T... x) { return F::of(x...); } };

// Errs by error(result) at most.
template <class F, class E> struct Erring {
    template <class... T> static float of(T... x) {
        double exact = F::exact(double(x)...);
        uint64_t seed = 0;
        ((seed = seed * 31 + bits<uint32_t>(float(x))), ...);
        float y = float(exact);
        if (!(std::fabs(exact) <= 3.4e38) || exact == 0) return canonical(y);
        return float(exact + noise(seed) * E::of(exact, double(x)...));
    }
};

template <int tenths> struct Relative { template <class... T> static double of(double y, T...) { return std::fabs(y) * std::exp2(-tenths / 10.0); } };
template <int tenths> struct Absolute { template <class... T> static double of(double, T...) { return std::exp2(-tenths / 10.0); } };

struct Ulps2 { template <class... T> static double of(double y, T...) { return std::fabs(y) * 0x1p-22; } };

struct Lg2Error {       // absolute around 1, relative elsewhere
    static double of(double y, double x) { return x > 0.5 && x < 2 ? std::exp2(-22.0) : std::fabs(y) * std::exp2(-22.0); }
};

struct SineError {      // within ±2π; beyond, it grows with the argument
    static double of(double, double x) { return std::exp2(-20.5) * (std::fabs(x) > 6.2831853 ? std::fabs(x) / 6.2831853 : 1); }
};

template <class D> struct Approximate { template <class... T> static float of(T... x) { return canonical(float(D::exact(double(x)...))); } };

struct Ex2 { static double exact(double x) { return std::exp2(x); } };
struct Lg2 { static double exact(double x) { return std::log2(x); } };
struct Sine { static double exact(double x) { return std::sin(x); } };
struct Cosine { static double exact(double x) { return std::cos(x); } };
struct TanH { static double exact(double x) { return std::tanh(x); } };
struct Reciprocal { static double exact(double x) { return 1 / x; } };
struct ReciprocalRoot { static double exact(double x) { return 1 / std::sqrt(x); } };
struct Root { static double exact(double x) { return std::sqrt(x); } };
struct Quotient { static double exact(double x, double y) { return std::fabs(y) > 0x1p126 && std::fabs(y) < 0x1p128 ? 0 * x : x / y; } };
struct RSqrt64 { static double of(double x) { return 1 / std::sqrt(x); } };

template <class D, class E> void approximation(Table& t, const char* name) {
    constexpr bool isBinary = std::is_same_v<D, Quotient>;
    bool errs = Options::get().approximate;
    if constexpr (isBinary) t[name] = {errs ? binary<float, float, float, Erring<D, E>> : binary<float, float, float, Approximate<D>>, "4=44"};
    else t[name] = {errs ? unary<float, float, Erring<D, E>> : unary<float, float, Approximate<D>>, "4=4"};
}

// ---- Comparisons

struct Eq { template <class T> static bool of(T a, T b) { return a == b; } };
struct Ne { template <class T> static bool of(T a, T b) { return a < b || a > b; } };       // ordered; of integers the same
struct Lt { template <class T> static bool of(T a, T b) { return a < b; } };
struct Le { template <class T> static bool of(T a, T b) { return a <= b; } };
struct Gt { template <class T> static bool of(T a, T b) { return a > b; } };
struct Ge { template <class T> static bool of(T a, T b) { return a >= b; } };
template <class F> struct OrUnordered { template <class T> static bool of(T a, T b) { return a != a || b != b || F::of(a, b); } };
struct Num { template <class T> static bool of(T a, T b) { return a == a && b == b; } };
struct Nan { template <class T> static bool of(T a, T b) { return a != a || b != b; } };

enum Combine { alone, andThird, orThird, xorThird };

// setp.lt.and.s32 p|q, a, b, c: p = (a < b) and c, q = not (a < b) and c
template <class T, class F, int combine> void setp(Warp& w, const Instruction& i, uint32_t mask) {
    uint32_t p = compareLanes<T, F>(w.at(i.a), w.at(i.b), mask), q = ~p;
    if (combine != alone) {
        uint32_t third = w.predicate(i.c) ^ uint32_t(-int32_t(i.count == 0));        // a count of 0 marks !c
        p = combine == andThird ? p & third : combine == orThird ? p | third : p ^ third;
        q = combine == andThird ? q & third : combine == orThird ? q | third : q ^ third;
    }
    putPredicate(w, i.d, mask, p);
    if (i.v[0]) putPredicate(w, i.v[0] - 1, mask, q);
}

template <class T, class F> void addSetp(Table& t, const std::string& name, const std::string& type) {
    std::string operands(2, sizeof(T) == 8 ? '8' : '4');
    t["setp." + name + type] = {setp<T, F, alone>, "p=" + operands};
    t["setp." + name + ".and" + type] = {setp<T, F, andThird>, "p=" + operands + "p"};
    t["setp." + name + ".or" + type] = {setp<T, F, orThird>, "p=" + operands + "p"};
    t["setp." + name + ".xor" + type] = {setp<T, F, xorThird>, "p=" + operands + "p"};
}

template <class T> void selp(Warp& w, const Instruction& i, uint32_t mask) {
    void* d = w.at(i.d);
    const void *a = w.at(i.a), *b = w.at(i.b);
    uint32_t p = w.predicate(i.c);
    forLanes(mask, [=](int l) { put<T>(d, l, p >> l & 1 ? get<T>(a, l) : get<T>(b, l)); });
}

template <class F> void predicates(Warp& w, const Instruction& i, uint32_t mask) {
    putPredicate(w, i.d, mask, F::of(w.predicate(i.a), w.predicate(i.b)));
}

void notPredicate(Warp& w, const Instruction& i, uint32_t mask) { putPredicate(w, i.d, mask, ~w.predicate(i.a)); }
void movPredicate(Warp& w, const Instruction& i, uint32_t mask) { putPredicate(w, i.d, mask, w.predicate(i.a)); }

struct IsFinite { template <class T> static bool of(T a) { return std::isfinite(a); } };
struct IsInfinite { template <class T> static bool of(T a) { return std::isinf(a); } };
struct IsNumber { template <class T> static bool of(T a) { return a == a; } };
struct IsNan { template <class T> static bool of(T a) { return a != a; } };
struct IsNormal { template <class T> static bool of(T a) { return std::isnormal(a); } };
struct IsSubnormal { template <class T> static bool of(T a) { return std::fpclassify(a) == FP_SUBNORMAL; } };

template <class T, class F> void testp(Warp& w, const Instruction& i, uint32_t mask) {
    const void* a = w.at(i.a);
    uint32_t result = 0;
    for (uint32_t rest = mask; rest; rest &= rest - 1) {
        int l = __builtin_ctz(rest);
        result |= uint32_t(F::of(get<T>(a, l))) << l;
    }
    putPredicate(w, i.d, mask, result);
}

// ---- Conversions

struct Half { uint16_t bits; };                 // as types of lanes: bits that are widened to float and rounded from it
struct Brain { uint16_t bits; };

float widen(Half h) {
    uint32_t sign = uint32_t(h.bits & 0x8000) << 16, exponent = h.bits >> 10 & 31, fraction = h.bits & 0x3ff;
    if (exponent == 31) return bits<float>(fraction ? 0x7fffffffu : sign | 0x7f800000u);
    if (exponent == 0) return (sign ? -1.0f : 1.0f) * float(fraction) * 0x1p-24f;
    return bits<float>(sign | (exponent + 112) << 23 | fraction << 13);
}

float widen(Brain b) { return bits<float>(uint32_t(b.bits) << 16); }

Half toHalf(double x) {
    uint16_t sign = std::signbit(x) ? 0x8000 : 0;
    if (x != x) return {0x7fff};
    double magnitude = std::fabs(x);
    if (magnitude >= 65520) return {uint16_t(sign | 0x7c00)};
    int exponent;
    std::frexp(magnitude, &exponent);
    double step = std::exp2(std::max(exponent - 11, -24));
    double rounded = std::nearbyint(magnitude / step) * step;        // to even
    if (rounded < 0x1p-14) return {uint16_t(sign | uint16_t(rounded * 0x1p24))};
    int e;
    double f = std::frexp(rounded, &e);
    return {uint16_t(sign | (e + 14) << 10 | (uint16_t(f * 2048) & 0x3ff))};
}

Brain toBrain(float x) {
    if (x != x) return {0x7fff};
    uint32_t u = bits<uint32_t>(x);
    return {uint16_t((u + 0x7fff + (u >> 16 & 1)) >> 16)};
}

enum Rounding { none, nearest, zero, down, up };

template <int rounding, class T> T roundToWhole(T x) {
    switch (rounding) {
    case nearest: return std::nearbyint(x);
    case zero: return std::trunc(x);
    case down: return std::floor(x);
    case up: return std::ceil(x);
    default: return x;
    }
}

// Float to integer: to the nearest that the type holds; what is no number becomes zero, or the smallest number of 64 bits, as the manual has it.
template <class To, class From, int rounding> struct ToInteger {
    static To of(From x) {
        if (x != x) return sizeof(From) == 8 || sizeof(To) == 8 ? To(uint64_t(1) << (width<To> - 1)) : To(0);
        From y = roundToWhole<rounding>(x);
        if (y <= From(std::numeric_limits<To>::min())) return std::numeric_limits<To>::min();
        if (y >= From(std::numeric_limits<To>::max())) return std::numeric_limits<To>::max();
        return To(y);
    }
};

template <class To, class From> struct Convert { static To of(From x) { return To(x); } };      // of integers, or to a float, to nearest
template <class T, int rounding> struct RoundWhole { static T of(T x) { return canonical(roundToWhole<rounding>(x)); } };
template <class To, class From> struct ConvertFloat { static To of(From x) { return canonical(To(x)); } };

struct HalfToFloat { static float of(uint16_t h) { return widen(Half{h}); } };
struct HalfToDouble { static double of(uint16_t h) { return widen(Half{h}); } };
struct FloatToHalf { static uint16_t of(float x) { return toHalf(x).bits; } };
struct DoubleToHalf { static uint16_t of(double x) { return toHalf(x).bits; } };
struct BrainToFloat { static float of(uint16_t b) { return widen(Brain{b}); } };
struct FloatToBrain { static uint16_t of(float x) { return toBrain(x).bits; } };
template <class F> struct ByHalves { template <class... T> static uint16_t of(T... x) { return toHalf(double(F::of(double(widen(Half{x}))...))).bits; } };
template <class F> struct CompareHalves { static bool of(uint16_t a, uint16_t b) { return F::of(widen(Half{a}), widen(Half{b})); } };

// ---- The table

template <class T> constexpr char mark = sizeof(T) == 8 ? '8' : '4';
template <class T> std::string same(int operands) { return std::string(1, mark<T>) + "=" + std::string(size_t(operands), mark<T>); }

template <class T> void integers(Table& t, const std::string& type) {
    t["add" + type] = {binary<T, T, T, Add>, same<T>(2)};
    t["sub" + type] = {binary<T, T, T, Sub>, same<T>(2)};
    t["mul.lo" + type] = {binary<T, T, T, MulLo>, same<T>(2)};
    t["mul" + type] = t["mul.lo" + type];       // mul.u32: an index times a size
    t["mul.hi" + type] = {binary<T, T, T, MulHi>, same<T>(2)};
    t["mad.lo" + type] = {ternary<T, T, T, MadLo>, same<T>(3)};
    t["mad.hi" + type] = {ternary<T, T, T, MadHi>, same<T>(3)};
    t["div" + type] = {binary<T, T, T, Div>, same<T>(2)};
    t["rem" + type] = {binary<T, T, T, Rem>, same<T>(2)};
    t["min" + type] = {binary<T, T, T, Min>, same<T>(2)};
    t["max" + type] = {binary<T, T, T, Max>, same<T>(2)};
    t["sad" + type] = {ternary<T, T, T, Sad>, same<T>(3)};
    t["shr" + type] = {binary<T, T, uint32_t, Shr>, same<T>(1) + "4"};
    if constexpr (std::is_signed_v<T>) {
        t["neg" + type] = {unary<T, T, Neg>, same<T>(1)};
        t["abs" + type] = {unary<T, T, Abs>, same<T>(1)};
    }
    addSetp<T, Eq>(t, "eq", type);
    addSetp<T, Ne>(t, "ne", type);
    addSetp<T, Lt>(t, "lt", type);
    addSetp<T, Le>(t, "le", type);
    addSetp<T, Gt>(t, "gt", type);
    addSetp<T, Ge>(t, "ge", type);
    if constexpr (!std::is_signed_v<T>) {
        addSetp<T, Lt>(t, "lo", type);
        addSetp<T, Le>(t, "ls", type);
        addSetp<T, Gt>(t, "hi", type);
        addSetp<T, Ge>(t, "hs", type);
    }
    if constexpr (sizeof(T) >= 4) {
        t["bfe" + type] = {bfe<T>, same<T>(1) + "44"};
        t["bfind" + type] = {unary<uint32_t, T, BFind>, std::string("4=") + mark<T>};
    }
    if constexpr (sizeof(T) <= 4) {
        using Wide = std::conditional_t<sizeof(T) == 4, std::conditional_t<std::is_signed_v<T>, int64_t, uint64_t>, std::conditional_t<std::is_signed_v<T>, int32_t, uint32_t>>;
        std::string pair(2, mark<T>);
        t["mul.wide" + type] = {binary<Wide, T, T, MulWide<Wide>>, std::string(1, mark<Wide>) + "=" + pair};
        t["mad.wide" + type] = {ternary<Wide, T, Wide, MadWide<Wide>>, std::string(1, mark<Wide>) + "=" + pair + mark<Wide>};
    }
}

template <class T> void bitwise(Table& t, const std::string& type) {
    t["and" + type] = {binary<T, T, T, And>, same<T>(2)};
    t["or" + type] = {binary<T, T, T, Or>, same<T>(2)};
    t["xor" + type] = {binary<T, T, T, Xor>, same<T>(2)};
    t["not" + type] = {unary<T, T, Not>, same<T>(1)};
    t["cnot" + type] = {unary<T, T, CNot>, same<T>(1)};
    t["shl" + type] = {binary<T, T, uint32_t, Shl>, same<T>(1) + "4"};
    t["shr" + type] = {binary<T, T, uint32_t, Shr>, same<T>(1) + "4"};
    addSetp<T, Eq>(t, "eq", type);
    addSetp<T, Ne>(t, "ne", type);
    if constexpr (sizeof(T) >= 4) {
        t["popc" + type] = {unary<uint32_t, T, Popc>, std::string("4=") + mark<T>};
        t["clz" + type] = {unary<uint32_t, T, Clz>, std::string("4=") + mark<T>};
        t["brev" + type] = {unary<T, T, Brev>, same<T>(1)};
        t["bfi" + type] = {bfi<T>, same<T>(2) + "44"};
    }
}

template <class T> void moves(Table& t, const std::string& type) {
    t["mov" + type] = {unary<T, T, Copy>, same<T>(1)};
    t["selp" + type] = {selp<T>, same<T>(2) + "p"};
}

template <class T> void floats(Table& t, const std::string& type) {
    auto rounded = [&](const std::string& name, Handler toNearest, Handler toZero, Handler toDown, Handler toUp, int operands) {
        t[name + ".rn" + type] = {toNearest, same<T>(operands)};
        t[name + ".rz" + type] = {toZero, same<T>(operands)};
        t[name + ".rm" + type] = {toDown, same<T>(operands)};
        t[name + ".rp" + type] = {toUp, same<T>(operands)};
    };
#define BINARY(F) binary<T, T, T, F>, binary<T, T, T, Rounded<FE_TOWARDZERO, F>>, binary<T, T, T, Rounded<FE_DOWNWARD, F>>, binary<T, T, T, Rounded<FE_UPWARD, F>>
#define UNARY(F) unary<T, T, F>, unary<T, T, Rounded<FE_TOWARDZERO, F>>, unary<T, T, Rounded<FE_DOWNWARD, F>>, unary<T, T, Rounded<FE_UPWARD, F>>
#define TERNARY(F) ternary<T, T, T, F>, ternary<T, T, T, Rounded<FE_TOWARDZERO, F>>, ternary<T, T, T, Rounded<FE_DOWNWARD, F>>, ternary<T, T, T, Rounded<FE_UPWARD, F>>
    rounded("add", BINARY(FAdd), 2);
    rounded("sub", BINARY(FSub), 2);
    rounded("mul", BINARY(FMul), 2);
    rounded("div", BINARY(FDiv), 2);
    rounded("fma", TERNARY(Fma), 3);
    rounded("mad", TERNARY(Fma), 3);
    rounded("rcp", UNARY(Rcp), 1);
    rounded("sqrt", UNARY(Sqrt), 1);
#undef BINARY
#undef UNARY
#undef TERNARY
    t["add" + type] = t["add.rn" + type];
    t["sub" + type] = t["sub.rn" + type];
    t["mul" + type] = t["mul.rn" + type];
    t["standin.fms" + type] = {ternary<T, T, T, Fms>, same<T>(3)};      // what contraction makes; no text contains them
    t["standin.fnma" + type] = {ternary<T, T, T, Fnma>, same<T>(3)};
    t["standin.saturate" + type] = {unary<T, T, Saturate>, same<T>(1)};
    t["min" + type] = {binary<T, T, T, FMin>, same<T>(2)};
    t["max" + type] = {binary<T, T, T, FMax>, same<T>(2)};
    t["neg" + type] = {unary<T, T, FNeg>, same<T>(1)};
    t["abs" + type] = {unary<T, T, FAbs>, same<T>(1)};
    t["copysign" + type] = {binary<T, T, T, CopySign>, same<T>(2)};
    addSetp<T, Eq>(t, "eq", type);
    addSetp<T, Ne>(t, "ne", type);
    addSetp<T, Lt>(t, "lt", type);
    addSetp<T, Le>(t, "le", type);
    addSetp<T, Gt>(t, "gt", type);
    addSetp<T, Ge>(t, "ge", type);
    addSetp<T, OrUnordered<Eq>>(t, "equ", type);
    addSetp<T, OrUnordered<Ne>>(t, "neu", type);
    addSetp<T, OrUnordered<Lt>>(t, "ltu", type);
    addSetp<T, OrUnordered<Le>>(t, "leu", type);
    addSetp<T, OrUnordered<Gt>>(t, "gtu", type);
    addSetp<T, OrUnordered<Ge>>(t, "geu", type);
    addSetp<T, Num>(t, "num", type);
    addSetp<T, Nan>(t, "nan", type);
    std::string p = std::string("p=") + mark<T>;
    t["testp.finite" + type] = {testp<T, IsFinite>, p};
    t["testp.infinite" + type] = {testp<T, IsInfinite>, p};
    t["testp.number" + type] = {testp<T, IsNumber>, p};
    t["testp.notanumber" + type] = {testp<T, IsNan>, p};
    t["testp.normal" + type] = {testp<T, IsNormal>, p};
    t["testp.subnormal" + type] = {testp<T, IsSubnormal>, p};
}

template <class To, class From> void integerConversion(Table& t, const std::string& to, const std::string& from) {
    t["cvt" + to + from] = {unary<To, From, Convert<To, From>>, std::string(1, mark<To>) + "=" + mark<From>};
}

template <class From> void conversionsFrom(Table& t, const std::string& from) {
    integerConversion<int8_t, From>(t, ".s8", from);
    integerConversion<int16_t, From>(t, ".s16", from);
    integerConversion<int32_t, From>(t, ".s32", from);
    integerConversion<int64_t, From>(t, ".s64", from);
    integerConversion<uint8_t, From>(t, ".u8", from);
    integerConversion<uint16_t, From>(t, ".u16", from);
    integerConversion<uint32_t, From>(t, ".u32", from);
    integerConversion<uint64_t, From>(t, ".u64", from);
    t["cvt.rn.f32" + from] = {unary<float, From, Convert<float, From>>, std::string("4=") + mark<From>};
    t["cvt.rz.f32" + from] = {unary<float, From, Rounded<FE_TOWARDZERO, Convert<float, From>>>, std::string("4=") + mark<From>};
    t["cvt.rn.f64" + from] = {unary<double, From, Convert<double, From>>, std::string("8=") + mark<From>};
    t["cvt.rz.f64" + from] = {unary<double, From, Rounded<FE_TOWARDZERO, Convert<double, From>>>, std::string("8=") + mark<From>};
}

template <class To, class From> void toInteger(Table& t, const std::string& to, const std::string& from) {
    std::string widths = std::string(1, mark<To>) + "=" + mark<From>;
    t["cvt.rni" + to + from] = {unary<To, From, ToInteger<To, From, nearest>>, widths};
    t["cvt.rzi" + to + from] = {unary<To, From, ToInteger<To, From, zero>>, widths};
    t["cvt.rmi" + to + from] = {unary<To, From, ToInteger<To, From, down>>, widths};
    t["cvt.rpi" + to + from] = {unary<To, From, ToInteger<To, From, up>>, widths};
}

template <class From> void toIntegers(Table& t, const std::string& from) {
    toInteger<int8_t, From>(t, ".s8", from);
    toInteger<int16_t, From>(t, ".s16", from);
    toInteger<int32_t, From>(t, ".s32", from);
    toInteger<int64_t, From>(t, ".s64", from);
    toInteger<uint8_t, From>(t, ".u8", from);
    toInteger<uint16_t, From>(t, ".u16", from);
    toInteger<uint32_t, From>(t, ".u32", from);
    toInteger<uint64_t, From>(t, ".u64", from);
    t["cvt.rni" + from + from] = {unary<From, From, RoundWhole<From, nearest>>, same<From>(1)};
    t["cvt.rzi" + from + from] = {unary<From, From, RoundWhole<From, zero>>, same<From>(1)};
    t["cvt.rmi" + from + from] = {unary<From, From, RoundWhole<From, down>>, same<From>(1)};
    t["cvt.rpi" + from + from] = {unary<From, From, RoundWhole<From, up>>, same<From>(1)};
    t["cvt" + from + from] = {unary<From, From, Copy>, same<From>(1)};
}

Table build() {
    Table t;
    integers<int16_t>(t, ".s16");
    integers<uint16_t>(t, ".u16");
    integers<int32_t>(t, ".s32");
    integers<uint32_t>(t, ".u32");
    integers<int64_t>(t, ".s64");
    integers<uint64_t>(t, ".u64");
    bitwise<uint16_t>(t, ".b16");
    bitwise<uint32_t>(t, ".b32");
    bitwise<uint64_t>(t, ".b64");
    for (const char* type : {".b16", ".u16", ".s16", ".f16", ".bf16"}) moves<uint16_t>(t, type);
    for (const char* type : {".b32", ".u32", ".s32", ".f32"}) moves<uint32_t>(t, type);
    for (const char* type : {".b64", ".u64", ".s64", ".f64"}) moves<uint64_t>(t, type);
    floats<float>(t, ".f32");
    floats<double>(t, ".f64");
    t["mov.pred"] = {movPredicate, "p=p"};
    t["not.pred"] = {notPredicate, "p=p"};
    t["and.pred"] = {predicates<And>, "p=pp"};
    t["or.pred"] = {predicates<Or>, "p=pp"};
    t["xor.pred"] = {predicates<Xor>, "p=pp"};
    t["prmt.b32"] = {ternary<uint32_t, uint32_t, uint32_t, Prmt>, "4=444"};
    t["lop3.b32"] = {lop3, "4=4444"};
    t["shf.l.wrap.b32"] = {ternary<uint32_t, uint32_t, uint32_t, Funnel<true, true>>, "4=444"};
    t["shf.r.wrap.b32"] = {ternary<uint32_t, uint32_t, uint32_t, Funnel<false, true>>, "4=444"};
    t["shf.l.clamp.b32"] = {ternary<uint32_t, uint32_t, uint32_t, Funnel<true, false>>, "4=444"};
    t["shf.r.clamp.b32"] = {ternary<uint32_t, uint32_t, uint32_t, Funnel<false, false>>, "4=444"};
    t["standin.flush.f32"] = {unary<float, float, Flush>, "4=4"};

    approximation<Ex2, Relative<225>>(t, "ex2.approx.f32");
    approximation<Lg2, Lg2Error>(t, "lg2.approx.f32");
    approximation<Sine, SineError>(t, "sin.approx.f32");
    approximation<Cosine, SineError>(t, "cos.approx.f32");
    approximation<TanH, Relative<110>>(t, "tanh.approx.f32");
    approximation<Reciprocal, Relative<230>>(t, "rcp.approx.f32");
    approximation<ReciprocalRoot, Relative<229>>(t, "rsqrt.approx.f32");
    approximation<Root, Relative<230>>(t, "sqrt.approx.f32");
    approximation<Quotient, Ulps2>(t, "div.approx.f32");
    approximation<Quotient, Ulps2>(t, "div.full.f32");
    t["rsqrt.approx.f64"] = {unary<double, double, RSqrt64>, "8=8"};

    conversionsFrom<int8_t>(t, ".s8");
    conversionsFrom<int16_t>(t, ".s16");
    conversionsFrom<int32_t>(t, ".s32");
    conversionsFrom<int64_t>(t, ".s64");
    conversionsFrom<uint8_t>(t, ".u8");
    conversionsFrom<uint16_t>(t, ".u16");
    conversionsFrom<uint32_t>(t, ".u32");
    conversionsFrom<uint64_t>(t, ".u64");
    toIntegers<float>(t, ".f32");
    toIntegers<double>(t, ".f64");
    t["cvt.f64.f32"] = {unary<double, float, Convert<double, float>>, "8=4"};
    t["cvt.rn.f32.f64"] = {unary<float, double, ConvertFloat<float, double>>, "4=8"};
    t["cvt.rz.f32.f64"] = {unary<float, double, Rounded<FE_TOWARDZERO, ConvertFloat<float, double>>>, "4=8"};
    t["cvt.f32.f16"] = {unary<float, uint16_t, HalfToFloat>, "4=4"};
    t["cvt.f64.f16"] = {unary<double, uint16_t, HalfToDouble>, "8=4"};
    t["cvt.rn.f16.f32"] = {unary<uint16_t, float, FloatToHalf>, "4=4"};
    t["cvt.rn.f16.f64"] = {unary<uint16_t, double, DoubleToHalf>, "4=8"};
    t["cvt.f32.bf16"] = {unary<float, uint16_t, BrainToFloat>, "4=4"};
    t["cvt.rn.bf16.f32"] = {unary<uint16_t, float, FloatToBrain>, "4=4"};
    t["add.f16"] = t["add.rn.f16"] = {binary<uint16_t, uint16_t, uint16_t, ByHalves<FAdd>>, "4=44"};
    t["sub.f16"] = t["sub.rn.f16"] = {binary<uint16_t, uint16_t, uint16_t, ByHalves<FSub>>, "4=44"};
    t["mul.f16"] = t["mul.rn.f16"] = {binary<uint16_t, uint16_t, uint16_t, ByHalves<FMul>>, "4=44"};
    t["fma.rn.f16"] = {ternary<uint16_t, uint16_t, uint16_t, ByHalves<Fma>>, "4=444"};
    t["neg.f16"] = {unary<uint16_t, uint16_t, ByHalves<FNeg>>, "4=4"};
    t["abs.f16"] = {unary<uint16_t, uint16_t, ByHalves<FAbs>>, "4=4"};
    t["min.f16"] = {binary<uint16_t, uint16_t, uint16_t, ByHalves<FMin>>, "4=44"};
    t["max.f16"] = {binary<uint16_t, uint16_t, uint16_t, ByHalves<FMax>>, "4=44"};
    addSetp<uint16_t, CompareHalves<Eq>>(t, "eq", ".f16");
    addSetp<uint16_t, CompareHalves<Ne>>(t, "ne", ".f16");
    addSetp<uint16_t, CompareHalves<Lt>>(t, "lt", ".f16");
    addSetp<uint16_t, CompareHalves<Le>>(t, "le", ".f16");
    addSetp<uint16_t, CompareHalves<Gt>>(t, "gt", ".f16");
    addSetp<uint16_t, CompareHalves<Ge>>(t, "ge", ".f16");
    return t;
}

}

const Operation* findOperation(const std::string& opcode) {
    static const Table table = build();
    auto at = table.find(opcode);
    return at == table.end() ? nullptr : &at->second;
}

}
