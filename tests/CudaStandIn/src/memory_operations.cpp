#include "memory_operations.h"
#include "lanes.h"
#include "memory.h"
#include "module.h"
#include "options.h"
#include "races.h"
#include "report.h"
#include "status.h"
#include <atomic>

namespace standin {

namespace {

[[noreturn]] void fault(int status, const Instruction& i, int lane, uint64_t address, const char* what) {
    throw Fault(status, i.line, lane, format("%s at %#llx (%d bytes, %s)", what, (unsigned long long)address, i.bytes * i.count, i.text.c_str()));
}

template <bool isWrite> void races(Warp& w, const Instruction& i, int lane, Space space, uint64_t address, int bytes, const void* value) {
    Group& g = *w.group;
    Accessor me{g.number, w.first + uint32_t(lane), g.epoch, i.line};
    if (space == Space::shared) {
        for (int k = 0; k < bytes; k++) {
            bool isSame = isWrite && static_cast<const uint8_t*>(value)[k] == g.shared[address - sharedStart + uint64_t(k)];
            checkRace(g, g.sharedRaces->bytes[address - sharedStart + uint64_t(k)], me, isWrite, "shared", address + uint64_t(k), isSame);
        }
        return;
    }
    std::lock_guard lock(g.globalRaces->gate);
    for (int k = 0; k < bytes; k++) {
        bool isSame = isWrite && static_cast<const uint8_t*>(value)[k] == *reinterpret_cast<const uint8_t*>(address + uint64_t(k));
        checkRace(g, g.globalRaces->at(address + uint64_t(k)), me, isWrite, "global", address + uint64_t(k), isSame);
    }
}

// The memory of the host behind an address, after all that a device would check.
template <Space space, bool isWrite> inline uint8_t* resolve(Warp& w, const Instruction& i, int lane, uint64_t address, int bytes, const void* value) {
    if (address & uint64_t(bytes - 1)) fault(misalignedAddress, i, lane, address, "a misaligned access");
    Group& g = *w.group;
    if (space == Space::shared || (space == Space::generic && (address & windowMask) == sharedWindow)) {
        uint64_t at = (address & ~sharedWindow) - sharedStart;
        if (at >= g.shared.size() || at + uint64_t(bytes) > g.shared.size()) fault(illegalAddress, i, lane, address, "an access outside shared memory");
        uint8_t* written = g.written.data() + at;
        if (isWrite) memset(written, 1, size_t(bytes));
        else for (int k = 0; k < bytes; k++) if (!written[k]) fault(launchFailed, i, lane, address, "a read of shared memory that nobody wrote");
        if (g.sharedRaces) races<isWrite>(w, i, lane, Space::shared, at + sharedStart, bytes, value);
        return g.shared.data() + at;
    }
    if (space == Space::local || (space == Space::generic && (address & windowMask) == localWindow)) {
        uint64_t at = address & ~localWindow;
        if (at + uint64_t(bytes) > g.program->localBytes) fault(illegalAddress, i, lane, address, "an access outside local memory");
        return g.local.data() + uint64_t(w.first + uint32_t(lane)) * g.program->localBytes + at;
    }
    Hint& hint = g.hints[size_t(i.site)];
    if (address < hint.start || address + uint64_t(bytes) > hint.end) {
        auto& memory = DeviceMemory::get();
        if (const Allocation* a = memory.find(address); a && address + uint64_t(bytes) <= a->end) hint = {a->start, a->end};
        else if (memory.isLocked(address, uint64_t(bytes))) g.hostAccesses++;
        else if (const Allocation* old = memory.everFind(address))
            fault(illegalAddress, i, lane, address, format("an access %lld bytes %s memory of %llu bytes%s", (long long)(address >= old->end ? address - old->end : address - old->start),
                address >= old->end ? "past the end of" : "into", (unsigned long long)(old->end - old->start), old->isLive ? "" : " that was freed").c_str());
        else fault(illegalAddress, i, lane, address, memory.isDevice(address) ? "an access between allocations" : "an access outside device memory");
    }
    if (g.globalRaces) races<isWrite>(w, i, lane, Space::global, address, bytes, value);
    return reinterpret_cast<uint8_t*>(address);
}

// Alignment is checked for the whole vector first: a device moves it in one piece.
inline void checkVector(const Instruction& i, int lane, uint64_t address) {
    if (i.count > 1 && (address & uint64_t(i.bytes * i.count - 1))) fault(misalignedAddress, i, lane, address, "a misaligned access");
}

template <Space space, class T> void load(Warp& w, const Instruction& i, uint32_t mask) {
    const void* a = w.at(i.a);
    for (uint32_t rest = mask; rest; rest &= rest - 1) {
        int l = __builtin_ctz(rest);
        uint64_t address = get<uint64_t>(a, l) + uint64_t(i.offset);
        checkVector(i, l, address);
        for (int k = 0; k < i.count; k++) {
            T value;
            memcpy(&value, resolve<space, false>(w, i, l, address + uint64_t(k) * sizeof(T), sizeof(T), nullptr), sizeof(T));
            put<T>(w.at(i.v[k]), l, value);
        }
    }
}

template <Space space, class T> void store(Warp& w, const Instruction& i, uint32_t mask) {
    const void* a = w.at(i.a);
    for (uint32_t rest = mask; rest; rest &= rest - 1) {
        int l = __builtin_ctz(rest);
        uint64_t address = get<uint64_t>(a, l) + uint64_t(i.offset);
        checkVector(i, l, address);
        for (int k = 0; k < i.count; k++) {
            T value = get<T>(w.at(i.v[k]), l);
            memcpy(resolve<space, true>(w, i, l, address + uint64_t(k) * sizeof(T), sizeof(T), &value), &value, sizeof(T));
        }
    }
}

template <class T> void param(Warp& w, const Instruction& i, uint32_t mask) {
    const auto& parameters = w.group->launch->parameters;
    for (int k = 0; k < i.count; k++) {
        T value;
        memcpy(&value, parameters.data() + i.offset + k * int(sizeof(T)), sizeof(T));
        void* d = w.at(i.v[k]);
        forLanes(mask, [=](int l) { put<T>(d, l, value); });
    }
}

template <Space space> Handler loadOf(int bytes, bool isSigned) {
    switch (bytes) {
    case 1: return isSigned ? load<space, int8_t> : load<space, uint8_t>;
    case 2: return isSigned ? load<space, int16_t> : load<space, uint16_t>;
    case 4: return load<space, uint32_t>;
    default: return load<space, uint64_t>;
    }
}

template <Space space> Handler storeOf(int bytes) {
    switch (bytes) {
    case 1: return store<space, uint8_t>;
    case 2: return store<space, uint16_t>;
    case 4: return store<space, uint32_t>;
    default: return store<space, uint64_t>;
    }
}

// ---- Atomics: lane by lane, atomically towards the other thread of the host.

struct AtomAdd { template <class T> static T of(T old, T x, T) { return T(old + x); } };
struct AtomMin { template <class T> static T of(T old, T x, T) { return x < old ? x : old; } };
struct AtomMax { template <class T> static T of(T old, T x, T) { return x > old ? x : old; } };
struct AtomAnd { template <class T> static T of(T old, T x, T) { return old & x; } };
struct AtomOr { template <class T> static T of(T old, T x, T) { return old | x; } };
struct AtomXor { template <class T> static T of(T old, T x, T) { return old ^ x; } };
struct AtomExchange { template <class T> static T of(T, T x, T) { return x; } };
struct AtomCas { template <class T> static T of(T old, T expected, T x) { return old == expected ? x : old; } };
struct AtomInc { template <class T> static T of(T old, T x, T) { return old >= x ? 0 : old + 1; } };
struct AtomDec { template <class T> static T of(T old, T x, T) { return old == 0 || old > x ? x : old - 1; } };

template <class T, class F> void atomic(Warp& w, const Instruction& i, uint32_t mask) {
    using Word = std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>;
    for (uint32_t rest = mask; rest; rest &= rest - 1) {
        int l = __builtin_ctz(rest);
        uint64_t address = get<uint64_t>(w.at(i.a), l) + uint64_t(i.offset);
        T x = get<T>(w.at(i.b), l), y = i.c ? get<T>(w.at(i.c - 1), l) : T(0);
        Group& g = *w.group;
        auto *sharedRaces = g.sharedRaces;
        auto *globalRaces = g.globalRaces;
        g.sharedRaces = nullptr, g.globalRaces = nullptr;               // atomics don't race with one another
        uint8_t* p = i.space == Space::shared ? resolve<Space::shared, true>(w, i, l, address, sizeof(T), nullptr)
            : i.space == Space::global ? resolve<Space::global, true>(w, i, l, address, sizeof(T), nullptr) : resolve<Space::generic, true>(w, i, l, address, sizeof(T), nullptr);
        g.sharedRaces = sharedRaces, g.globalRaces = globalRaces;
        auto* word = reinterpret_cast<Word*>(p);
        Word old = __atomic_load_n(word, __ATOMIC_SEQ_CST);
        while (!__atomic_compare_exchange_n(word, &old, bits<Word>(F::of(bits<T>(old), x, y)), false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {}
        if (i.d >= 0) put<T>(w.at(i.d), l, bits<T>(old));
    }
}

template <class T> Handler arithmeticAtomic(const std::string& op) {
    return op == "add" ? atomic<T, AtomAdd> : op == "min" ? atomic<T, AtomMin> : op == "max" ? atomic<T, AtomMax> : nullptr;
}

template <class T> Handler bitAtomic(const std::string& op) {
    return op == "and" ? atomic<T, AtomAnd> : op == "or" ? atomic<T, AtomOr> : op == "xor" ? atomic<T, AtomXor> : op == "exch" ? atomic<T, AtomExchange> : op == "cas" ? atomic<T, AtomCas>
        : op == "inc" ? atomic<T, AtomInc> : op == "dec" ? atomic<T, AtomDec> : nullptr;
}

// ---- Between lanes

enum ShuffleMode { idx, up, down, bfly };

template <int mode> void shuffle(Warp& w, const Instruction& i, uint32_t mask) {
    const void *a = w.at(i.a), *b = w.at(i.b), *c = w.at(i.c);
    uint32_t values[32], predicate = 0;
    for (uint32_t rest = mask; rest; rest &= rest - 1) {
        int l = __builtin_ctz(rest);
        uint32_t clamp = get<uint32_t>(c, l), segment = clamp >> 8 & 31;
        int n = int(get<uint32_t>(b, l) & 31), last = (l & int(segment)) | (int(clamp & 31) & ~int(segment)), from = 0;
        bool isInside = true;
        if (mode == idx) { from = (l & int(segment)) | (n & ~int(segment)); isInside = from <= last; }
        if (mode == up) { from = l - n; isInside = from >= last; }
        if (mode == down) { from = l + n; isInside = from <= last; }
        if (mode == bfly) { from = l ^ n; isInside = from <= last; }
        if (!isInside) from = l;
        if (!(mask >> from & 1)) throw Fault(launchFailed, i.line, l, "a shuffle reads a lane that does not take part");
        values[l] = get<uint32_t>(a, from);
        predicate |= uint32_t(isInside) << l;
    }
    for (uint32_t rest = mask; rest; rest &= rest - 1) {
        int l = __builtin_ctz(rest);
        put<uint32_t>(w.at(i.d), l, values[l]);
    }
    if (i.v[0]) putPredicate(w, i.v[0] - 1, mask, predicate);
}

enum VoteMode { all, any, uniform, ballot };

template <int mode> void vote(Warp& w, const Instruction& i, uint32_t mask) {
    uint32_t p = (w.predicate(i.a) ^ (i.count == 0 ? everyLane : 0)) & mask;
    if (mode == ballot) {
        for (uint32_t rest = mask; rest; rest &= rest - 1) put<uint32_t>(w.at(i.d), __builtin_ctz(rest), p);
        return;
    }
    bool result = mode == all ? p == mask : mode == any ? p != 0 : p == 0 || p == mask;
    putPredicate(w, i.d, mask, result ? everyLane : 0);
}

}

Handler loadHandler(Space space, int bytes, bool isSigned) {
    switch (space) {
    case Space::global: return loadOf<Space::global>(bytes, isSigned);
    case Space::shared: return loadOf<Space::shared>(bytes, isSigned);
    case Space::local: return loadOf<Space::local>(bytes, isSigned);
    default: return loadOf<Space::generic>(bytes, isSigned);
    }
}

Handler storeHandler(Space space, int bytes) {
    switch (space) {
    case Space::global: return storeOf<Space::global>(bytes);
    case Space::shared: return storeOf<Space::shared>(bytes);
    case Space::local: return storeOf<Space::local>(bytes);
    default: return storeOf<Space::generic>(bytes);
    }
}

Handler paramHandler(int bytes, bool isSigned) {
    switch (bytes) {
    case 1: return isSigned ? param<int8_t> : param<uint8_t>;
    case 2: return isSigned ? param<int16_t> : param<uint16_t>;
    case 4: return param<uint32_t>;
    default: return param<uint64_t>;
    }
}

Handler atomicHandler(const std::string& op, const std::string& type) {
    if (type == ".u32") { auto h = arithmeticAtomic<uint32_t>(op); return h ? h : bitAtomic<uint32_t>(op); }
    if (type == ".u64") { auto h = arithmeticAtomic<uint64_t>(op); return h ? h : bitAtomic<uint64_t>(op); }
    if (type == ".s32") return arithmeticAtomic<int32_t>(op);
    if (type == ".s64") return arithmeticAtomic<int64_t>(op);
    if (type == ".f32") return op == "add" ? atomic<float, AtomAdd> : nullptr;
    if (type == ".f64") return op == "add" ? atomic<double, AtomAdd> : nullptr;
    if (type == ".b32") return bitAtomic<uint32_t>(op);
    if (type == ".b64") return bitAtomic<uint64_t>(op);
    return nullptr;
}

Handler shuffleHandler(const std::string& mode) { return mode == "idx" ? shuffle<idx> : mode == "up" ? shuffle<up> : mode == "down" ? shuffle<down> : mode == "bfly" ? shuffle<bfly> : nullptr; }
Handler voteHandler(const std::string& mode) { return mode == "all" ? vote<all> : mode == "any" ? vote<any> : mode == "uni" ? vote<uniform> : mode == "ballot" ? vote<ballot> : nullptr; }

}
