// Runs the groups of a launch: the warps of a group one after the other, each until all its lanes have ended or wait at a barrier.
#include "lanes.h"
#include "memory.h"
#include "module.h"
#include "options.h"
#include "program.h"
#include "races.h"
#include "report.h"
#include "status.h"
#include <atomic>
#include <chrono>
#include <climits>
#include <condition_variable>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace standin {

namespace {

constexpr uint64_t mostInstructions = uint64_t(1) << 36;        // of a group: more is an endless loop

// One warp until it cannot go on. Of lanes that are apart, those that are furthest behind go first: so they meet where their branches do.
void advance(Warp& w) {
    const Program& program = *w.group->program;
    const Instruction* code = program.code.data();
    uint64_t executed = 0;
    for (;;) {
        uint32_t ready = w.alive & ~w.waiting & ~w.parked;
        if (!ready) {
            if (w.parked) throw Fault(launchFailed, code[w.pc[__builtin_ctz(w.parked)]].line, __builtin_ctz(w.parked), "lanes wait at a shuffle or vote for lanes that never come");
            break;
        }
        int32_t pc = INT_MAX, others = INT_MAX;
        for (uint32_t rest = ready; rest; rest &= rest - 1) {
            int32_t at = w.pc[__builtin_ctz(rest)];
            if (at < pc) others = pc, pc = at;
            else if (at > pc && at < others) others = at;
        }
        uint32_t mask = 0;
        for (uint32_t rest = ready; rest; rest &= rest - 1) {
            int l = __builtin_ctz(rest);
            mask |= uint32_t(w.pc[l] == pc) << l;
        }
        auto put = [&](uint32_t lanes, int32_t at) { for (; lanes; lanes &= lanes - 1) w.pc[__builtin_ctz(lanes)] = at; };

        while (pc < others) {
            const Instruction& i = code[pc];
            executed += uint64_t(__builtin_popcount(mask));
            uint32_t active = mask;
            if (i.guard != -1) {
                uint32_t p = w.predicate(i.guard);
                active &= i.isGuardNegated ? ~p : p;
            }
            if (i.kind == Instruction::plain) {
                if (active) i.run(w, i, active);
                pc++;
                continue;
            }
            if (i.kind == Instruction::branch) {
                if (executed > mostInstructions) throw Fault(702, i.line, __builtin_ctz(mask), "an endless loop");
                if (active == mask) { pc = i.target; continue; }
                if (!active) { pc++; continue; }
                if (i.isUniform) throw Fault(launchFailed, i.line, __builtin_ctz(active), "lanes go different ways at a branch that says it is uniform");
                put(active, i.target);
                put(mask & ~active, pc + 1);
                pc = -1;
                break;
            }
            put(mask & ~active, pc + 1);
            if (!active) { pc++; continue; }
            switch (i.kind) {
            case Instruction::exit:
                w.alive &= ~active;
                break;
            case Instruction::barrier:
                put(active, pc + 1);
                w.waiting |= active;
                for (uint32_t rest = active; rest; rest &= rest - 1) w.group->barrierOf[w.first + uint32_t(__builtin_ctz(rest))] = i.line;
                break;
            case Instruction::table: {
                const auto& table = program.tables[size_t(i.target)];
                for (uint32_t rest = active; rest; rest &= rest - 1) {
                    int l = __builtin_ctz(rest);
                    uint32_t n = get<uint32_t>(w.at(i.a), l);
                    if (n >= table.size()) throw Fault(illegalInstruction, i.line, l, "an index outside a table of branches");
                    w.pc[l] = table[n];
                }
                break;
            }
            default: {                                          // together
                put(active, pc);
                uint32_t members = get<uint32_t>(w.at(i.target), __builtin_ctz(active)) & w.alive, here = active;
                for (uint32_t rest = w.parked; rest; rest &= rest - 1) here |= uint32_t(w.pc[__builtin_ctz(rest)] == pc) << __builtin_ctz(rest);
                if ((here & members) != members) { w.parked |= here; break; }
                if (here & ~members) throw Fault(launchFailed, i.line, __builtin_ctz(here & ~members), "a lane that its own mask does not name");
                if (i.run) i.run(w, i, here);
                w.parked &= ~here;
                put(here, pc + 1);
                break;
            }
            }
            pc = -1;
            break;
        }
        if (pc != -1) put(mask, pc);
    }
    w.group->instructions += executed;
}

}

void Group::run() {
    size_t warpCount = (threads + 31) / 32;
    warps.resize(warpCount);
    registers.resize(warpCount * program->frame + 64);
    auto* frames = reinterpret_cast<uint8_t*>((reinterpret_cast<uintptr_t>(registers.data()) + 63) & ~uintptr_t(63));
    size_t sharedBytes = launch->kernel->staticShared + launch->dynamicShared;
    if (launch->dynamicShared) sharedBytes = (launch->kernel->staticShared + 15) / 16 * 16 + launch->dynamicShared;
    shared.assign(sharedBytes, 0xff);                           // what nobody wrote is no number
    written.assign(sharedBytes, Options::get().uninitialised ? 0 : 1);
    local.assign(size_t(threads) * program->localBytes, 0xff);
    if (sharedRaces) sharedRaces->bytes.assign(sharedBytes, {});
    barrierOf.assign(threads, 0);
    epoch = 0;
    const uint32_t* block = launch->block;
    for (size_t n = 0; n < warpCount; n++) {
        Warp& w = warps[n];
        w.registers = frames + n * program->frame;
        w.constants = program->constants.data();
        w.group = this;
        w.first = uint32_t(n * 32);
        uint32_t count = std::min(threads - w.first, 32u);
        w.alive = count == 32 ? everyLane : (1u << count) - 1;
        w.waiting = w.parked = 0;
        memset(w.pc, 0, sizeof w.pc);
        for (auto& [name, place] : program->specials) {
            for (uint32_t l = 0; l < 32; l++) {
                uint32_t t = w.first + l, axis = uint32_t(name.back() - 'x'), value = 0;
                if (name == "%laneid") value = l;
                else if (name == "%warpid") value = uint32_t(n);
                else if (name == "%nwarpid") value = uint32_t(warpCount);
                else if (name == "%lanemask_eq") value = 1u << l;
                else if (name == "%lanemask_lt") value = (1u << l) - 1;
                else if (name == "%lanemask_le") value = (2u << l) - 1;
                else if (name == "%lanemask_gt") value = ~((2u << l) - 1);
                else if (name == "%lanemask_ge") value = ~((1u << l) - 1);
                else if (name[1] == 't') value = axis == 0 ? t % block[0] : axis == 1 ? t / block[0] % block[1] : t / (block[0] * block[1]);
                else if (name.compare(0, 5, "%ntid") == 0) value = block[axis];
                else if (name.compare(0, 6, "%ctaid") == 0) value = index[axis];
                else value = launch->grid[axis];
                put<uint32_t>(w.at(place), int(l), value);
            }
        }
    }
    for (;;) {
        for (auto& w : warps) {
            current = &w;
            advance(w);
        }
        // Everybody has ended or waits.
        int first = -1, atLine = 0;
        for (auto& w : warps)
            for (uint32_t rest = w.waiting; rest; rest &= rest - 1) {
                int t = int(w.first) + __builtin_ctz(rest);
                if (first < 0) first = t, atLine = barrierOf[size_t(t)];
                else if (barrierOf[size_t(t)] != atLine) {
                    current = &w;
                    throw Fault(launchFailed, barrierOf[size_t(t)], __builtin_ctz(rest), format("threads wait at different barriers: thread %d at line %d", first, atLine));
                }
            }
        if (first < 0) return;
        for (auto& w : warps) {
            uint32_t count = std::min(threads - w.first, 32u), all = count == 32 ? everyLane : (1u << count) - 1;
            if (uint32_t gone = all & ~w.waiting) {
                current = &w;
                throw Fault(launchFailed, atLine, __builtin_ctz(gone), format("a thread has ended while thread %d waits at a barrier", first));
            }
            w.waiting = 0;
        }
        epoch++;
    }
}

namespace {

// The other thread of the host: it takes groups of the same launch until there are none left.
class Helpers {
public:
    static Helpers& get() {
        static Helpers* helpers = new Helpers;
        return *helpers;
    }

    // Calls the work on this thread and on the helpers at once, and returns when all have returned.
    template <class F> void together(F work) {
        std::unique_lock lock(gate);
        std::function<void()> shared = work;
        task = &shared;
        turn++;
        busy = count;
        lock.unlock();
        begin.notify_all();
        work();
        lock.lock();
        done.wait(lock, [&] { return busy == 0; });
        task = nullptr;
    }

    int count;

private:
    std::mutex gate;
    std::condition_variable begin, done;
    const std::function<void()>* task = nullptr;
    uint64_t turn = 0;
    int busy = 0;

    Helpers() : count(std::max(Options::get().workers - 1, 0)) {
        for (int n = 0; n < count; n++) std::thread([this] { loop(); }).detach();
    }

    void loop() {
        uint64_t last = 0;
        std::unique_lock lock(gate);
        for (;;) {
            begin.wait(lock, [&] { return turn != last; });
            last = turn;
            auto* work = task;
            lock.unlock();
            (*work)();
            lock.lock();
            if (--busy == 0) done.notify_all();
        }
    }
};

std::string where(const Launch& launch, const Group& g, const Fault& fault) {
    uint32_t t = (g.current ? g.current->first : 0) + uint32_t(fault.lane);
    return format("%s, line %d, group (%u, %u, %u) of (%u, %u, %u), thread %u of %u: %s", launch.kernel->name.c_str(), fault.line, g.index[0], g.index[1], g.index[2], launch.grid[0], launch.grid[1],
        launch.grid[2], t, g.threads, fault.what());
}

}

int execute(const Launch& launch) {
    const Program* program = launch.kernel->program.get();
    auto started = std::chrono::steady_clock::now();
    const auto& options = Options::get();
    uint64_t groups = uint64_t(launch.grid[0]) * launch.grid[1] * launch.grid[2];
    GlobalRaces globalRaces;
    std::atomic<uint64_t> next{0}, instructions{0}, hostAccesses{0};
    std::atomic<int> status{success};
    auto work = [&] {
        static thread_local Group g;                            // its memory is used again
        SharedRaces sharedRaces;
        g.launch = &launch;
        g.program = program;
        g.threads = launch.block[0] * launch.block[1] * launch.block[2];
        g.hints.assign(program->sites + 1, {});
        g.sharedRaces = options.races ? &sharedRaces : nullptr;
        g.globalRaces = options.races ? &globalRaces : nullptr;
        g.instructions = g.hostAccesses = 0;
        uint64_t n;
        while (!status && (n = next++) < groups) {
            g.number = n;
            g.index[0] = uint32_t(n % launch.grid[0]);
            g.index[1] = uint32_t(n / launch.grid[0] % launch.grid[1]);
            g.index[2] = uint32_t(n / (uint64_t(launch.grid[0]) * launch.grid[1]));
            try {
                g.run();
            } catch (const Fault& fault) {
                status = fault.status;
                Report::get().error(where(launch, g, fault));
            }
        }
        instructions += g.instructions;
        hostAccesses += g.hostAccesses;
    };
    if (groups < 4 || options.workers < 2) work();
    else Helpers::get().together(work);
    double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    auto& report = Report::get();
    std::lock_guard lock(report.gate);
    auto& count = report.kernels[launch.kernel->name];
    count.instructions += instructions;
    count.seconds += seconds;
    report.hostAccesses += hostAccesses;
    return status;
}

}
