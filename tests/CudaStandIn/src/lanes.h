// Handlers of arithmetic: a function of one lane, applied to the lanes of a mask.
#pragma once
#include "program.h"
#include <cstring>
#include <type_traits>

namespace standin {

// Lanes of a register are 4 bytes wide, or 8 for types of 64 bits. Narrow types lie in the low bits; they are written with their sign, and
// whoever reads takes the bits that its type has.
template <class T> inline T get(const void* p, int lane) {
    if constexpr (sizeof(T) == 8 || sizeof(T) == 4) return static_cast<const T*>(p)[lane];
    else return T(static_cast<const uint32_t*>(p)[lane]);
}

template <class T> inline void put(void* p, int lane, T value) {
    if constexpr (sizeof(T) == 8 || sizeof(T) == 4) static_cast<T*>(p)[lane] = value;
    else static_cast<uint32_t*>(p)[lane] = uint32_t(std::is_signed_v<T> ? int32_t(value) : int32_t(uint32_t(value)));
}

template <class To, class From> inline To bits(From from) {
    static_assert(sizeof(To) == sizeof(From));
    To to;
    memcpy(&to, &from, sizeof to);
    return to;
}

constexpr uint32_t everyLane = 0xffffffffu;

// The whole warp in one loop that the compiler turns into vector instructions; otherwise lane by lane.
template <class Body> inline void forLanes(uint32_t mask, Body body) {
    if (mask == everyLane) {
#pragma GCC ivdep
        for (int lane = 0; lane < 32; lane++) body(lane);
    } else {
        for (uint32_t rest = mask; rest; rest &= rest - 1) body(__builtin_ctz(rest));
    }
}

template <class R, class A, class F> void unary(Warp& w, const Instruction& i, uint32_t mask) {
    void* d = w.at(i.d);
    const void* a = w.at(i.a);
    forLanes(mask, [=](int l) { put<R>(d, l, F::of(get<A>(a, l))); });
}

template <class R, class A, class B, class F> void binary(Warp& w, const Instruction& i, uint32_t mask) {
    void* d = w.at(i.d);
    const void *a = w.at(i.a), *b = w.at(i.b);
    forLanes(mask, [=](int l) { put<R>(d, l, F::of(get<A>(a, l), get<B>(b, l))); });
}

template <class R, class A, class C, class F> void ternary(Warp& w, const Instruction& i, uint32_t mask) {
    void* d = w.at(i.d);
    const void *a = w.at(i.a), *b = w.at(i.b), *c = w.at(i.c);
    forLanes(mask, [=](int l) { put<R>(d, l, F::of(get<A>(a, l), get<A>(b, l), get<C>(c, l))); });
}

// Comparisons give a bit for each lane.
template <class T, class F> inline uint32_t compareLanes(const void* a, const void* b, uint32_t mask) {
    uint32_t result = 0;
    if (mask == everyLane) for (int l = 0; l < 32; l++) result |= uint32_t(F::of(get<T>(a, l), get<T>(b, l))) << l;
    else for (uint32_t rest = mask; rest; rest &= rest - 1) {
        int l = __builtin_ctz(rest);
        result |= uint32_t(F::of(get<T>(a, l), get<T>(b, l))) << l;
    }
    return result;
}

inline void putPredicate(Warp& w, int32_t place, uint32_t mask, uint32_t value) {
    uint32_t& p = w.predicate(place);
    p = (p & ~mask) | (value & mask);
}

// What the decoder knows of an opcode: how to run it, and the widths of result and operands: 4 or 8 bytes a lane, p for a predicate.
struct Operation {
    Handler run;
    std::string widths;                         // "4=44"
};

const Operation* findOperation(const std::string& opcode);

}
