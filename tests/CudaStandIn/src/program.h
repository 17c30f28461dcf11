// Decoded kernels and the state of their execution. 32 threads (a warp) are executed together: every register is a row of 32 lanes, an
// instruction is one call of a handler for the lanes of a mask, and lanes that branch apart are taken up again where they meet.
#pragma once
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace standin {

struct Warp;
struct Group;
struct Instruction;
struct Launch;

using Handler = void (*)(Warp&, const Instruction&, uint32_t mask);

enum class Space : uint8_t { generic, global, shared, local, param };

struct Instruction {
    enum Kind : uint8_t { plain, branch, table, exit, barrier, together };      // together: shuffles and votes, for which lanes wait for one another

    Handler run = nullptr;
    Kind kind = plain;
    Space space = Space::generic;
    uint8_t bytes = 0, count = 1;               // of a memory access: of an element, elements
    bool isGuardNegated = false, isUniform = false;             // of a branch: .uni, all lanes go one way
    int32_t guard = -1;                         // place of the predicate in front
    int32_t d = -1, a = 0, b = 0, c = 0;        // places: of the result, of operands
    int32_t v[4] = {0, 0, 0, 0};                // elements of a vector
    int64_t offset = 0;                         // of an address
    int32_t target = -1;                        // of a branch
    int32_t site = 0;                           // number among the accesses of memory
    int32_t line = 0;
    std::string text;                           // the opcode
};

struct Program {
    std::vector<Instruction> code;
    std::vector<uint8_t> constants;             // rows of lanes, as registers are
    uint32_t frame = 0;                         // bytes of a warp's registers
    uint32_t localBytes = 0;                    // of a thread
    uint32_t sites = 0;
    std::map<std::string, int32_t> specials;    // places of %tid.x and the like, which are filled in when a group starts
    std::vector<std::vector<int32_t>> tables;   // of brx.idx
};

// What a real device would end the launch for.
struct Fault : std::runtime_error {
    int status, line, lane;
    Fault(int status, int line, int lane, const std::string& what) : std::runtime_error(what), status(status), line(line), lane(lane) {}
};

// Windows of the generic address space. No address of the host has these bits.
constexpr uint64_t sharedWindow = uint64_t(1) << 60, localWindow = uint64_t(1) << 61, windowMask = uint64_t(3) << 60;
constexpr uint64_t sharedStart = 1024;          // where a group's own shared memory begins, as on compute capability 9.0

struct Warp {
    uint8_t* registers = nullptr;
    const uint8_t* constants = nullptr;
    Group* group = nullptr;
    uint32_t first = 0;                         // number of its first thread in the group
    uint32_t alive = 0;                         // lanes that have not ended
    uint32_t waiting = 0;                       // lanes at a barrier
    uint32_t parked = 0;                        // lanes at a shuffle
    int32_t pc[32];

    // A place is an offset into the registers, or with the highest bit into the constants.
    void* at(int32_t place) { return const_cast<uint8_t*>(place >= 0 ? registers + place : constants + (place & 0x7fffffff)); }
    uint32_t& predicate(int32_t place) { return *static_cast<uint32_t*>(at(place)); }
};

struct SharedRaces;
struct GlobalRaces;

// A range of device memory that an instruction found last.
struct Hint {
    uint64_t start = 0, end = 0;
};

struct Group {
    const Launch* launch = nullptr;
    const Program* program = nullptr;
    uint64_t number = 0;
    uint32_t index[3] = {0, 0, 0};
    uint32_t threads = 0, epoch = 0;            // barriers passed
    std::vector<Warp> warps;
    std::vector<uint8_t> registers, shared, written, local;
    std::vector<Hint> hints;
    std::vector<int> barrierOf;                 // the line of the barrier where each thread waits
    const Warp* current = nullptr;              // the warp that is executed
    SharedRaces* sharedRaces = nullptr;
    GlobalRaces* globalRaces = nullptr;
    uint64_t instructions = 0;
    uint64_t hostAccesses = 0;

    void run();                                 // all its threads, from the first instruction on
};

}
