// The part of libnccl.so.2 that DeepNet binds, for ranks that are processes of one machine, on memory that they share. It works behind what is
// queued on the stream it is given, as the library does, and refuses what a run on GPUs would hang on or silently get wrong: ranks that ask for
// different collectives, buffers that are no live device memory when they are used, streams that wait for the default one, groups that do not
// match, communicators that are left open.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <functional>
#include <random>
#include <string>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>
#include <vector>

#define API extern "C" __attribute__((visibility("default"))) int

namespace {

enum Status { success = 0, systemError = 2, internalError = 3, invalidArgument = 4, invalidUsage = 5 };
enum Type { f16 = 6, f32 = 7, f64 = 8, bf16 = 9 };                      // ncclDataType_t
constexpr int mostRanks = 16, nonBlocking = 1;
constexpr size_t piece = 1 << 16;                                       // bytes of a rank that are shared at a time
constexpr auto patience = std::chrono::seconds(60);

struct Driver {
    int (*submit)(void*, int (*)(void*), void*);
    int (*isDevice)(uint64_t, size_t);
    int (*isBlocking)(void*);
    void (*error)(const char*);
    void (*product)(const char*);

    static const Driver* get() {
        static const Driver* driver = [] {
            void* library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_NOLOAD);
            auto* d = new Driver;
            auto find = [&](auto& function, const char* name) { function = reinterpret_cast<std::decay_t<decltype(function)>>(library ? dlsym(library, name) : nullptr); };
            find(d->submit, "standinSubmit");
            find(d->isDevice, "standinIsDevice");
            find(d->isBlocking, "standinIsBlocking");
            find(d->error, "standinError");
            find(d->product, "standinProduct");
            return d->submit && d->isBlocking ? d : nullptr;
        }();
        return driver;
    }
};

struct Id { char text[128]; };

// What the ranks of a communicator share.
struct Shared {
    std::atomic<int> waiting, round;
    std::atomic<bool> isBroken;
    char asked[mostRanks][128];                                         // the collective that each rank is in
    char data[mostRanks][piece];
};

struct Communicator {
    Shared* shared;
    int rank, size;
    long count = 0;                                                     // of collectives
    std::atomic<int> error{0};
};

struct Part { uint64_t address; size_t bytes; int peer; };

struct Group {
    Communicator* communicator = nullptr;
    void* stream = nullptr;
    std::vector<Part> sends, receives;
};

thread_local int depth = 0;
thread_local Group group;
std::atomic<int> joined{0};

struct AtEnd {
    ~AtEnd() { if (joined > 0 && Driver::get()) Driver::get()->error("nccl: a communicator was not destroyed"); }
} atEnd;

int refuse(int status, const std::string& why) {
    if (auto* driver = Driver::get()) driver->error(("nccl: " + why).c_str());
    return status;
}

size_t sizeOf(int type) { return type == f64 ? 8 : type == f32 ? 4 : type == f16 || type == bf16 ? 2 : 0; }

bool meet(Communicator* c) {
    auto* s = c->shared;
    int round = s->round;
    if (++s->waiting == c->size) {
        s->waiting = 0;
        s->round++;
        return true;
    }
    auto begun = std::chrono::steady_clock::now();
    while (s->round == round) {
        if (s->isBroken) return false;
        if (std::chrono::steady_clock::now() - begun > patience) {
            s->isBroken = true;
            refuse(systemError, "another rank did not come to " + std::string(s->asked[c->rank]));
            return false;
        }
        std::this_thread::yield();
    }
    return !s->isBroken;
}

// All ranks are in the same collective, the same number of times.
bool agree(Communicator* c, const std::string& what) {
    snprintf(c->shared->asked[c->rank], sizeof c->shared->asked[0], "collective %ld, %s", c->count++, what.c_str());
    if (!meet(c)) return false;
    bool areSame = true;
    for (int r = 0; r < c->size; r++) areSame = areSame && strcmp(c->shared->asked[r], c->shared->asked[c->rank]) == 0;
    if (!areSame) {
        std::string text = "ranks ask for different collectives:";
        for (int r = 0; r < c->size; r++) text += " " + std::to_string(r) + ": " + c->shared->asked[r] + ";";
        refuse(invalidUsage, text);
    }
    return meet(c) && areSame;
}

float fromBrain(uint16_t h) {
    uint32_t u = uint32_t(h) << 16;
    float f;
    memcpy(&f, &u, 4);
    return f;
}

uint16_t toBrain(float x) {
    uint32_t u;
    memcpy(&u, &x, 4);
    return x != x ? 0x7fff : uint16_t((u + 0x7fff + (u >> 16 & 1)) >> 16);
}

// to = a + b, rank after rank, as a ring does: not in the order of a tree.
void add(char* to, const char* other, size_t bytes, int type) {
    auto each = [&](auto zero, auto sum) {
        using T = decltype(zero);
        for (size_t i = 0; i < bytes; i += sizeof(T)) {
            T a, b;
            memcpy(&a, to + i, sizeof(T));
            memcpy(&b, other + i, sizeof(T));
            a = sum(a, b);
            memcpy(to + i, &a, sizeof(T));
        }
    };
    if (type == f32) each(0.0f, [](float a, float b) { return a + b; });
    else if (type == f64) each(0.0, [](double a, double b) { return a + b; });
    else if (type == f16) each(_Float16(0), [](_Float16 a, _Float16 b) { return _Float16(float(a) + float(b)); });
    else each(uint16_t(0), [](uint16_t a, uint16_t b) { return toBrain(fromBrain(a) + fromBrain(b)); });
}

// Shows a piece of every rank's to all, and has each take what it wants of them.
bool show(Communicator* c, const char* mine, size_t bytes, const std::function<void()>& take) {
    memcpy(c->shared->data[c->rank], mine, bytes);
    if (!meet(c)) return false;
    take();
    return meet(c);
}

// Work on a stream, behind what was asked of it before.
int submit(Communicator* c, void* stream, std::vector<Part> buffers, std::function<bool()> work) {
    auto* driver = Driver::get();
    if (driver->isBlocking(stream)) return refuse(invalidUsage, "a collective on a stream that waits for the default one: nothing would overlap");
    for (auto& b : buffers)
        if (b.bytes && !driver->isDevice(b.address, b.bytes)) return refuse(invalidArgument, "a buffer is no live device memory");
    struct Asked { Communicator* c; std::vector<Part> buffers; std::function<bool()> work; };
    auto run = [](void* argument) {
        auto* asked = static_cast<Asked*>(argument);
        for (auto& b : asked->buffers)
            if (b.bytes && !Driver::get()->isDevice(b.address, b.bytes)) {
                refuse(invalidArgument, "a buffer was freed before its collective had run");
                asked->c->error = invalidArgument;
                asked->c->shared->isBroken = true;
            }
        if (!asked->c->error && !asked->work()) asked->c->error = internalError;
        delete asked;
        return 0;
    };
    return driver->submit(stream, run, new Asked{c, std::move(buffers), std::move(work)}) ? systemError : success;
}

char* at(uint64_t address) { return reinterpret_cast<char*>(address); }

}

API ncclGetVersion(int* version) { *version = 22105; return success; }

extern "C" __attribute__((visibility("default"))) const char* ncclGetErrorString(int code) {
    switch (code) {
    case success: return "no error";
    case systemError: return "unhandled system error";
    case internalError: return "internal error";
    case invalidArgument: return "invalid argument";
    default: return "invalid usage";
    }
}

API ncclGetUniqueId(Id* id) {
    memset(id, 0, sizeof *id);
    snprintf(id->text, sizeof id->text, "/standin-nccl-%d-%08x%08x", int(getpid()), std::random_device()(), std::random_device()());
    return success;
}

API ncclCommInitRank(Communicator** made, int size, Id id, int rank) {
    if (!Driver::get()) return refuse(systemError, "it needs the stand-in of the driver");
    if (size < 1 || size > mostRanks || rank < 0 || rank >= size) return refuse(invalidArgument, "rank " + std::to_string(rank) + " of " + std::to_string(size));
    if (strncmp(id.text, "/standin-nccl-", 14) != 0) return refuse(invalidArgument, "an id that ncclGetUniqueId did not make");
    int file = shm_open(id.text, O_CREAT | O_RDWR, 0600);
    if (file < 0 || ftruncate(file, sizeof(Shared)) != 0) return refuse(systemError, "no shared memory");
    void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (memory == MAP_FAILED) return refuse(systemError, "no shared memory");
    auto* c = new Communicator{static_cast<Shared*>(memory), rank, size};
    bool areSame = agree(c, "init of " + std::to_string(size));
    if (rank == 0) shm_unlink(id.text);
    if (!areSame) return internalError;
    joined++;
    *made = c;
    return success;
}

API ncclCommDestroy(Communicator* c) {
    munmap(c->shared, sizeof(Shared));
    delete c;
    joined--;
    return success;
}

API ncclCommGetAsyncError(Communicator* c, int* error) {
    *error = c->error;
    return success;
}

API ncclAllReduce(uint64_t from, uint64_t to, size_t count, int type, int operation, Communicator* c, void* stream) {
    if (operation != 0 || sizeOf(type) == 0) return refuse(invalidArgument, "only sums of numbers with fractions are bound");
    size_t bytes = count * sizeOf(type);
    Driver::get()->product("nccl all-reduce");
    return submit(c, stream, {{from, bytes, 0}, {to, bytes, 0}}, [=] {
        if (!agree(c, "all-reduce of " + std::to_string(count) + " of type " + std::to_string(type))) return false;
        for (size_t done = 0; done < bytes; done += piece) {
            size_t n = std::min(piece, bytes - done);
            bool isThere = show(c, at(from) + done, n, [&] {
                memcpy(at(to) + done, c->shared->data[c->size - 1], n);
                for (int r = c->size - 2; r >= 0; r--) add(at(to) + done, c->shared->data[r], n, type);
            });
            if (!isThere) return false;
        }
        return true;
    });
}

API ncclAllGather(uint64_t from, uint64_t to, size_t count, int type, Communicator* c, void* stream) {
    size_t bytes = count * sizeOf(type);
    Driver::get()->product("nccl all-gather");
    return submit(c, stream, {{from, bytes, 0}, {to, bytes * size_t(c->size), 0}}, [=] {
        if (!agree(c, "all-gather of " + std::to_string(count) + " of type " + std::to_string(type))) return false;
        std::vector<char> part(at(from), at(from) + bytes);             // it may lie in the result
        for (size_t done = 0; done < bytes; done += piece) {
            size_t n = std::min(piece, bytes - done);
            bool isThere = show(c, part.data() + done, n, [&] {
                for (int r = 0; r < c->size; r++) memcpy(at(to) + size_t(r) * bytes + done, c->shared->data[r], n);
            });
            if (!isThere) return false;
        }
        return true;
    });
}

API ncclGroupStart() {
    depth++;
    return success;
}

namespace {

int put(std::vector<Part>& list, uint64_t address, size_t bytes, int peer, Communicator* c, void* stream) {
    if (depth == 0) return refuse(invalidUsage, "a send or receive outside of a group, which is not bound");
    if (peer < 0 || peer >= c->size) return refuse(invalidArgument, "no such rank");
    if (group.communicator && (group.communicator != c || group.stream != stream)) return refuse(invalidUsage, "a group over several communicators or streams");
    group.communicator = c;
    group.stream = stream;
    list.push_back({address, bytes, peer});
    return success;
}

}

API ncclSend(uint64_t from, size_t count, int type, int peer, Communicator* c, void* stream) { return put(group.sends, from, count * sizeOf(type), peer, c, stream); }
API ncclRecv(uint64_t to, size_t count, int type, int peer, Communicator* c, void* stream) { return put(group.receives, to, count * sizeOf(type), peer, c, stream); }

// All ranks exchange with all: each shows what it has for rank 0, then for rank 1, and so on.
API ncclGroupEnd() {
    if (--depth < 0) return refuse(invalidUsage, "a group ends that was not begun");
    if (depth > 0 || !group.communicator) return success;
    Group g = std::move(group);
    group = {};
    auto* c = g.communicator;
    size_t n = size_t(c->size), bytes = g.sends.empty() ? 0 : g.sends[0].bytes;
    bool isWhole = g.sends.size() == n && g.receives.size() == n;
    for (size_t r = 0; isWhole && r < n; r++)
        isWhole = g.sends[r].peer == int(r) && g.receives[r].peer == int(r) && g.sends[r].bytes == bytes && g.receives[r].bytes == bytes;
    if (!isWhole) return refuse(invalidUsage, "a group that is no exchange of equal parts among all ranks");
    Driver::get()->product("nccl all-to-all");
    std::vector<Part> buffers = g.sends;
    buffers.insert(buffers.end(), g.receives.begin(), g.receives.end());
    return submit(c, g.stream, buffers, [=] {
        if (!agree(c, "all-to-all of " + std::to_string(bytes) + " bytes a rank")) return false;
        for (int peer = 0; peer < c->size; peer++)
            for (size_t done = 0; done < bytes; done += piece) {
                size_t some = std::min(piece, bytes - done);
                bool isThere = show(c, at(g.sends[size_t(peer)].address) + done, some, [&] {
                    if (peer == c->rank)
                        for (size_t r = 0; r < n; r++) memcpy(at(g.receives[r].address) + done, c->shared->data[r], some);
                });
                if (!isThere) return false;
            }
        return true;
    });
}
