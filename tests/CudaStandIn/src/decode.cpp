#include "decode.h"
#include "lanes.h"
#include "memory_operations.h"
#include "options.h"
#include "status.h"
#include "report.h"
#include <algorithm>
#include <cstring>
#include <memory>

namespace standin {

namespace {

using ptx::Error;
using ptx::Operand;
using ptx::Statement;
using ptx::Variable;

void nothing(Warp&, const Instruction&, uint32_t) {}

void trap(Warp&, const Instruction& i, uint32_t mask) { throw Fault(illegalInstruction, i.line, __builtin_ctz(mask), "trap"); }

void activeMask(Warp& w, const Instruction& i, uint32_t mask) {
    for (uint32_t rest = mask; rest; rest &= rest - 1) put<uint32_t>(w.at(i.d), __builtin_ctz(rest), mask);
}

// Halves of a wide register, for mov.b64 {a, b}, c and the other way round.
void pack(Warp& w, const Instruction& i, uint32_t mask) {
    for (uint32_t rest = mask; rest; rest &= rest - 1) {
        int l = __builtin_ctz(rest);
        put<uint64_t>(w.at(i.d), l, uint64_t(get<uint32_t>(w.at(i.b), l)) << 32 | get<uint32_t>(w.at(i.a), l));
    }
}

void unpack(Warp& w, const Instruction& i, uint32_t mask) {
    for (uint32_t rest = mask; rest; rest &= rest - 1) {
        int l = __builtin_ctz(rest);
        uint64_t x = get<uint64_t>(w.at(i.a), l);
        put<uint32_t>(w.at(i.v[0]), l, uint32_t(x));
        put<uint32_t>(w.at(i.v[1]), l, uint32_t(x >> 32));
    }
}

void pack16(Warp& w, const Instruction& i, uint32_t mask) {
    for (uint32_t rest = mask; rest; rest &= rest - 1) {
        int l = __builtin_ctz(rest);
        put<uint32_t>(w.at(i.d), l, uint32_t(get<uint16_t>(w.at(i.b), l)) << 16 | get<uint16_t>(w.at(i.a), l));
    }
}

void unpack16(Warp& w, const Instruction& i, uint32_t mask) {
    for (uint32_t rest = mask; rest; rest &= rest - 1) {
        int l = __builtin_ctz(rest);
        uint32_t x = get<uint32_t>(w.at(i.a), l);
        put<uint16_t>(w.at(i.v[0]), l, uint16_t(x));
        put<uint16_t>(w.at(i.v[1]), l, uint16_t(x >> 16));
    }
}

bool startsWith(const std::string& s, const char* with) { return s.compare(0, strlen(with), with) == 0; }

std::vector<std::string> split(const std::string& opcode) {
    std::vector<std::string> parts;
    for (size_t from = 0; from <= opcode.size();) {
        size_t dot = std::min(opcode.find('.', from), opcode.size());
        parts.push_back(opcode.substr(from, dot - from));
        from = dot + 1;
    }
    return parts;
}

// Takes a part out of an opcode: ".ftz".
bool strip(std::string& opcode, const std::string& part) {
    size_t at = opcode.find(part);
    if (at == std::string::npos || (at + part.size() < opcode.size() && opcode[at + part.size()] != '.')) return false;
    opcode.erase(at, part.size());
    return true;
}

class Decoder {
public:
    Decoder(const ptx::Source& source, Kernel& kernel) : source(source), kernel(kernel), program(*kernel.program) {}

    void run(const ptx::Function& entry) {
        uint64_t at = 0;
        Frame frame;
        for (auto& p : entry.parameters) {
            uint64_t size = uint64_t(std::max(ptx::sizeOf(p.type, entry.line), 1)), align = std::max(p.align, p.isArray ? p.align : size);
            at = (at + align - 1) / align * align;
            frame.kernelParameters[p.name] = at;
            at += size * p.count;
        }
        kernel.parameterBytes = uint32_t(at);
        if (at > 4096) throw Error(entry.line, format("%llu bytes of parameters; a kernel may have 4096", (unsigned long long)at));
        for (auto& v : source.variables) module(v);
        for (auto& [name, values] : entry.limits) {
            if (name != ".maxntid" && name != ".reqntid") continue;
            kernel.maxThreads = 1;
            for (auto n : values) kernel.maxThreads *= int(n);
            kernel.requiresExactly = name == ".reqntid";
        }
        function(entry, frame, 0);
        Instruction end;
        end.kind = Instruction::exit;
        program.code.push_back(end);
        leaders.resize(program.code.size() + 1);
        program.frame = frameBytes();
        contract(program, definitions, uses, leaders);
        kernel.staticShared = sharedBytes;
    }

private:
    struct Register {
        int32_t place;
        char width;
    };

    struct Frame {                              // of a function: of the kernel, or of one inlined call
        std::map<std::string, std::string> declared;            // "%r" or "%r1" to ".b32"
        std::map<std::string, Register> registers;
        std::map<std::string, uint64_t> kernelParameters;       // to bytes from the start
        std::map<std::string, std::shared_ptr<std::map<int64_t, Register>>> parameters;         // of calls: pieces by their offsets
        std::map<std::string, int32_t> labels;
        std::vector<std::pair<size_t, std::string>> branches;
        std::vector<std::pair<size_t, std::string>> tables;
        std::map<std::string, uint64_t> variables;              // addresses of shared and local ones
        std::vector<size_t> returns;
    };

    const ptx::Source& source;
    Kernel& kernel;
    Program& program;
    uint32_t rows = 0, predicates = 0, predicateRow = 0;        // of the frame: rows of 128 bytes
    uint32_t sharedBytes = 0;
    std::map<std::pair<char, uint64_t>, int32_t> constants;
    std::map<std::string, uint64_t> variables;                  // of the module
    std::map<int32_t, int> definitions, uses;                   // of places
    std::vector<bool> leaders;                                  // instructions that branches come to
    int line = 0;

    uint32_t frameBytes() const { return rows * 128; }

    int32_t allocate(char width) {
        if (width == 'p') {
            if (predicates % 32 == 0) predicateRow = rows++;
            return int32_t(predicateRow * 128 + predicates++ % 32 * 4);
        }
        int32_t place = int32_t(rows * 128);
        rows += width == '8' ? 2 : 1;
        return place;
    }

    int32_t constant(char width, uint64_t value) {
        if (width == 'p') value = value ? everyLane : 0;
        auto [at, isNew] = constants.try_emplace({width, value}, 0);
        if (isNew) {
            auto& bytes = program.constants;
            at->second = int32_t(bytes.size() | 0x80000000u);
            for (int l = 0; l < 32; l++) {
                const auto* p = reinterpret_cast<const uint8_t*>(&value);
                bytes.insert(bytes.end(), p, p + (width == '8' ? 8 : 4));
            }
        }
        return at->second;
    }

    void module(const Variable& v) {
        uint64_t size = v.count * uint64_t(ptx::sizeOf(v.type, 0));
        if (v.space == ".shared") variables[v.name] = v.isExtern || v.count == 0 ? UINT64_MAX : shared(v);
        else throw Error(0, "a " + v.space + " variable of a module, '" + v.name + "' of " + std::to_string(size) + " bytes, which the stand-in does not have");
    }

    uint64_t shared(const Variable& v) {
        uint64_t size = v.count * uint64_t(ptx::sizeOf(v.type, line)), align = std::max<uint64_t>(v.align, 1);
        sharedBytes = uint32_t((sharedBytes + align - 1) / align * align);
        uint64_t at = sharedBytes + sharedStart;
        sharedBytes += uint32_t(size);
        return at;
    }

    static char widthOf(const std::string& type, int line) { return type == ".pred" ? 'p' : ptx::sizeOf(type, line) == 8 ? '8' : '4'; }

    const Register* findRegister(Frame& f, const std::string& name) {
        if (auto at = f.registers.find(name); at != f.registers.end()) return &at->second;
        auto type = f.declared.find(name);
        if (type == f.declared.end()) {
            size_t digits = name.find_last_not_of("0123456789") + 1;
            type = f.declared.find(name.substr(0, digits) + "<");
            if (digits == name.size() || type == f.declared.end()) return nullptr;
        }
        char width = widthOf(type->second, line);
        return &(f.registers[name] = {allocate(width), width});
    }

    static bool isSpecial(const std::string& name) {
        return startsWith(name, "%tid.") || startsWith(name, "%ntid.") || startsWith(name, "%ctaid.") || startsWith(name, "%nctaid.") || name == "%laneid" || name == "%warpid" || name == "%nwarpid"
            || startsWith(name, "%lanemask_");
    }

    int32_t special(const std::string& name) {
        auto [at, isNew] = program.specials.try_emplace(name, 0);
        if (isNew) at->second = allocate('4');
        return at->second;
    }

    uint64_t* findVariable(Frame& f, const std::string& name) {
        if (auto at = f.variables.find(name); at != f.variables.end()) return &at->second;
        if (auto at = variables.find(name); at != variables.end()) return &at->second;
        return nullptr;
    }

    // The place of what an instruction reads.
    int32_t operand(Frame& f, const Operand& o, char width) {
        switch (o.kind) {
        case Operand::Integer: return constant(width, width == '4' ? o.bits & 0xffffffffu : o.bits);
        case Operand::Float32:
            if (width != '4') throw Error(line, "a number of 32 bits where 64 are read");
            return constant(width, o.bits & 0xffffffffu);
        case Operand::Float64:
            if (width != '8') throw Error(line, "a number of 64 bits where 32 are read");
            return constant(width, o.bits);
        case Operand::Name: break;
        default: throw Error(line, "an operand that is no register and no number");
        }
        if (isSpecial(o.name)) {
            if (width != '4') throw Error(line, "'" + o.name + "' has 32 bits");
            return special(o.name);
        }
        if (const Register* r = findRegister(f, o.name)) {
            if (r->width != width) throw Error(line, "'" + o.name + "' has another width than the instruction reads");
            uses[r->place]++;
            return r->place;
        }
        if (uint64_t* address = findVariable(f, o.name)) return constant(width, *address == UINT64_MAX ? dynamicShared() : *address);
        throw Error(line, "an unknown name '" + o.name + "'");
    }

    // Memory whose length the launch says begins behind all that the kernel declares.
    uint64_t dynamicShared() {
        sharedBytes = (sharedBytes + 15) / 16 * 16;
        return sharedBytes + sharedStart;
    }

    int32_t result(Frame& f, const Operand& o, char width) {
        if (o.kind == Operand::Name && o.name == "_") return allocate(width);
        const Register* r = o.kind == Operand::Name ? findRegister(f, o.name) : nullptr;
        if (!r) throw Error(line, "a result that is no register");
        if (r->width != width) throw Error(line, "'" + o.name + "' has another width than the result");
        definitions[r->place]++;
        return r->place;
    }

    Instruction begin(Frame& f, const Statement& s) {
        Instruction i;
        i.line = s.line;
        i.text = s.opcode;
        i.run = nothing;
        if (!s.guard.empty()) {
            Operand guard;
            guard.name = s.guard;
            i.guard = operand(f, guard, 'p');
            i.isGuardNegated = s.isGuardNegated;
        }
        return i;
    }

    void emit(const Instruction& i) {
        program.code.push_back(i);
        leaders.resize(program.code.size() + 1);
    }

    void function(const ptx::Function& fn, Frame& f, int depth) {
        if (depth > 16) throw Error(fn.line, "calls too deep; does '" + fn.name + "' call itself?");
        for (auto& s : fn.body) {
            line = s.line;
            if (!s.label.empty()) {
                f.labels[s.label] = int32_t(program.code.size());
                leaders.resize(program.code.size() + 1);
                leaders[program.code.size()] = true;
            }
            else if (s.opcode == ".var") declare(f, s);
            else statement(fn, f, s, depth);
        }
        auto target = [&](const std::string& label) {
            auto at = f.labels.find(label);
            if (at == f.labels.end()) throw Error(fn.line, "no label '" + label + "'");
            return at->second;
        };
        for (auto& [at, label] : f.branches) program.code[at].target = target(label);
        for (auto& [at, label] : f.tables) {
            auto list = fn.targets.find(label);
            if (list == fn.targets.end()) throw Error(program.code[at].line, "no .branchtargets '" + label + "'");
            program.tables.emplace_back();
            for (auto& one : list->second) program.tables.back().push_back(target(one));
            program.code[at].target = int32_t(program.tables.size()) - 1;
        }
        leaders.resize(program.code.size() + 1);
        if (!f.returns.empty()) leaders[program.code.size()] = true;
        for (size_t at : f.returns) program.code[at].target = int32_t(program.code.size());
    }

    void declare(Frame& f, const Statement& s) {
        for (auto& v : s.variables) {
            uint64_t size = v.count * uint64_t(std::max(ptx::sizeOf(v.type, s.line), 1));
            if (v.space == ".reg") f.declared[v.count > 1 || v.name.back() == '%' ? v.name + "<" : v.name] = v.type;
            else if (v.space == ".shared") f.variables[v.name] = shared(v);
            else if (v.space == ".local") {
                uint32_t align = uint32_t(std::max<uint64_t>(v.align, 1));
                program.localBytes = (program.localBytes + align - 1) / align * align;
                f.variables[v.name] = program.localBytes;
                program.localBytes += uint32_t(size);
            }
            else if (v.space == ".param") f.parameters[v.name] = std::make_shared<std::map<int64_t, Register>>();
            else throw Error(s.line, "a variable in " + v.space);
        }
    }

    static const Operand& nth(const Statement& s, size_t n) {
        if (n >= s.operands.size()) throw Error(s.line, s.opcode + " has too few operands");
        return s.operands[n];
    }

    void statement(const ptx::Function&, Frame& f, const Statement& s, int depth) {
        auto parts = split(s.opcode);
        const std::string& name = parts[0];
        if (name == "bra") {
            auto i = begin(f, s);
            i.kind = Instruction::branch;
            i.isUniform = parts.size() > 1 && parts[1] == "uni";
            f.branches.emplace_back(program.code.size(), nth(s, 0).name);
            emit(i);
        }
        else if (name == "brx") {
            auto i = begin(f, s);
            i.kind = Instruction::table;
            i.a = operand(f, nth(s, 0), '4');
            f.tables.emplace_back(program.code.size(), nth(s, 1).name);
            emit(i);
        }
        else if (name == "ret" && depth > 0) {
            auto i = begin(f, s);
            i.kind = Instruction::branch;
            f.returns.push_back(program.code.size());
            emit(i);
        }
        else if (name == "ret" || name == "exit") {
            auto i = begin(f, s);
            i.kind = Instruction::exit;
            emit(i);
        }
        else if (s.opcode == "bar.sync" || s.opcode == "barrier.sync" || s.opcode == "barrier.sync.aligned" || s.opcode == "bar.cta.sync") {
            if (s.operands.size() != 1 || s.operands[0].kind != Operand::Integer) throw Error(s.line, "barriers of a part of a group");
            auto i = begin(f, s);
            i.kind = Instruction::barrier;
            i.offset = int64_t(s.operands[0].bits);
            emit(i);
        }
        else if (name == "membar" || name == "fence" || name == "nanosleep") {}
        else if (s.opcode == "bar.warp.sync") {
            auto i = begin(f, s);
            i.kind = Instruction::together;
            i.c = operand(f, nth(s, 0), '4');
            i.target = i.c;
            emit(i);
        }
        else if (name == "trap") {
            auto i = begin(f, s);
            i.run = trap;
            emit(i);
        }
        else if (name == "activemask") {
            auto i = begin(f, s);
            i.run = activeMask;
            i.d = result(f, nth(s, 0), '4');
            emit(i);
        }
        else if (name == "ld" || name == "ldu" || name == "st") access(f, s, parts);
        else if (name == "atom" || name == "red") atomics(f, s, parts);
        else if (name == "shfl") shuffles(f, s, parts);
        else if (name == "vote") votes(f, s, parts);
        else if (name == "cvta") convertAddress(f, s, parts);
        else if (name == "call") call(f, s, depth);
        else if (name == "mov" && (nth(s, 0).kind == Operand::List || nth(s, 1).kind == Operand::List)) packing(f, s);
        else compute(f, s);
    }

    void access(Frame& f, const Statement& s, const std::vector<std::string>& parts) {
        auto i = begin(f, s);
        bool isLoad = parts[0] != "st";
        std::string space = "generic", type;
        i.count = 1;
        for (size_t k = 1; k < parts.size(); k++) {
            const auto& p = parts[k];
            if (p == "global" || p == "shared" || p == "local" || p == "param") space = p;
            else if (p == "const") throw Error(s.line, "constant memory, which the stand-in does not have");
            else if (p == "v2") i.count = 2;
            else if (p == "v4") i.count = 4;
            else if (p == "ca" || p == "cg" || p == "cs" || p == "lu" || p == "cv" || p == "nc" || p == "wb" || p == "wt" || p == "weak" || p == "volatile" || p == "relaxed" || p == "acquire"
                || p == "release" || p == "cta" || p == "gpu" || p == "sys" || startsWith(p, "L1::") || startsWith(p, "L2::") || startsWith(p, "shared::")) { if (startsWith(p, "shared::")) space = "shared"; }
            else if (k + 1 == parts.size()) type = "." + p;
            else throw Error(s.line, "unknown: " + s.opcode);
        }
        int bytes = ptx::sizeOf(type, s.line);
        char width = bytes == 8 ? '8' : '4';
        i.bytes = uint8_t(bytes);
        const Operand &values = nth(s, isLoad ? 0 : 1), &address = nth(s, isLoad ? 1 : 0);
        if (address.kind != Operand::Address) throw Error(s.line, "expected an address in brackets");
        std::vector<Operand> items = values.kind == Operand::List ? values.items : std::vector<Operand>{values};
        if (items.size() != i.count) throw Error(s.line, "as many elements as the opcode says");
        for (size_t k = 0; k < items.size(); k++) i.v[k] = isLoad ? result(f, items[k], width) : operand(f, items[k], width);
        bool isSigned = type[1] == 's';
        i.offset = address.offset;
        if (space == "param") {
            if (auto at = f.kernelParameters.find(address.name); at != f.kernelParameters.end()) {
                if (!isLoad) throw Error(s.line, "a store to a kernel's parameter");
                i.offset += int64_t(at->second);
                if (i.offset % (bytes * i.count) != 0) throw Error(s.line, "a misaligned parameter");
                if (i.offset < 0 || i.offset + bytes * i.count > int64_t(kernel.parameterBytes)) throw Error(s.line, "outside the parameters");
                i.run = paramHandler(bytes, isSigned);
                emit(i);
                return;
            }
            auto at = f.parameters.find(address.name);
            if (at == f.parameters.end()) throw Error(s.line, "no parameter '" + address.name + "'");
            for (int k = 0; k < i.count; k++) {                 // parameters of calls are registers
                auto [piece, isNew] = at->second->try_emplace(address.offset + k * bytes, Register{0, width});
                if (isNew) piece->second.place = allocate(width);
                if (piece->second.width != width) throw Error(s.line, "a parameter read in other pieces than it was written in");
                auto move = i;
                move.run = findOperation(width == '8' ? "mov.b64" : "mov.b32")->run;
                move.d = isLoad ? i.v[k] : piece->second.place;
                move.a = isLoad ? piece->second.place : i.v[k];
                emit(move);
            }
            return;
        }
        i.space = space == "global" ? Space::global : space == "shared" ? Space::shared : space == "local" ? Space::local : Space::generic;
        i.a = base(f, address);
        i.site = int32_t(program.sites++);
        i.run = isLoad ? loadHandler(i.space, bytes, isSigned) : storeHandler(i.space, bytes);
        emit(i);
    }

    int32_t base(Frame& f, const Operand& address) {
        if (address.name.empty()) return constant('8', 0);
        Operand name;
        name.name = address.name;
        return operand(f, name, '8');
    }

    void atomics(Frame& f, const Statement& s, const std::vector<std::string>& parts) {
        auto i = begin(f, s);
        std::string op, type = "." + parts.back();
        for (size_t k = 1; k + 1 < parts.size(); k++) {
            const auto& p = parts[k];
            if (p == "global") i.space = Space::global;
            else if (p == "shared") i.space = Space::shared;
            else if (p == "relaxed" || p == "acquire" || p == "release" || p == "acq_rel" || p == "gpu" || p == "cta" || p == "sys") {}
            else op = p;
        }
        i.run = atomicHandler(op, type);
        if (!i.run) throw Error(s.line, "unknown: " + s.opcode);
        i.bytes = uint8_t(ptx::sizeOf(type, s.line));
        char width = i.bytes == 8 ? '8' : '4';
        size_t n = 0;
        i.d = parts[0] == "atom" ? result(f, nth(s, n++), width) : -1;
        const Operand& address = nth(s, n++);
        if (address.kind != Operand::Address) throw Error(s.line, "expected an address in brackets");
        i.offset = address.offset;
        i.a = base(f, address);
        i.b = operand(f, nth(s, n++), width);
        i.c = n < s.operands.size() ? operand(f, nth(s, n), width) + 1 : 0;
        i.site = int32_t(program.sites++);
        emit(i);
    }

    void shuffles(Frame& f, const Statement& s, const std::vector<std::string>& parts) {
        auto i = begin(f, s);
        i.kind = Instruction::together;
        if (parts.size() != 4 || parts[1] != "sync" || parts[3] != "b32" || !(i.run = shuffleHandler(parts[2]))) throw Error(s.line, "unknown: " + s.opcode);
        i.d = result(f, nth(s, 0), '4');
        if (!s.operands[0].second.empty()) {
            Operand p;
            p.name = s.operands[0].second;
            i.v[0] = result(f, p, 'p') + 1;
        }
        i.a = operand(f, nth(s, 1), '4');
        i.b = operand(f, nth(s, 2), '4');
        i.c = operand(f, nth(s, 3), '4');
        i.target = operand(f, nth(s, 4), '4');
        emit(i);
    }

    void votes(Frame& f, const Statement& s, const std::vector<std::string>& parts) {
        auto i = begin(f, s);
        i.kind = Instruction::together;
        if (parts.size() != 4 || parts[1] != "sync" || !(i.run = voteHandler(parts[2]))) throw Error(s.line, "unknown: " + s.opcode);
        i.d = result(f, nth(s, 0), parts[2] == "ballot" ? '4' : 'p');
        i.a = operand(f, nth(s, 1), 'p');
        i.count = nth(s, 1).isNegated ? 0 : 1;
        i.target = operand(f, nth(s, 2), '4');
        emit(i);
    }

    void convertAddress(Frame& f, const Statement& s, const std::vector<std::string>& parts) {
        auto i = begin(f, s);
        bool isTo = parts.size() > 1 && parts[1] == "to";
        const std::string& space = parts[isTo ? 2 : 1];
        uint64_t window = space == "shared" ? sharedWindow : space == "local" ? localWindow : 0;
        if (!window && space != "global") throw Error(s.line, "unknown: " + s.opcode);
        i.d = result(f, nth(s, 0), '8');
        i.a = operand(f, nth(s, 1), '8');
        i.b = constant('8', isTo ? ~windowMask : window);
        i.run = findOperation(isTo ? "and.b64" : "or.b64")->run;
        emit(i);
    }

    void packing(Frame& f, const Statement& s) {
        auto i = begin(f, s);
        const Operand &to = nth(s, 0), &from = nth(s, 1);
        bool isWide = s.opcode == "mov.b64";
        if (!isWide && s.opcode != "mov.b32") throw Error(s.line, "unknown: " + s.opcode + " of a vector");
        if (to.kind == Operand::List && from.kind != Operand::List && to.items.size() == 2) {
            i.a = operand(f, from, isWide ? '8' : '4');
            for (int k = 0; k < 2; k++) i.v[k] = result(f, to.items[size_t(k)], '4');
            i.run = isWide ? unpack : unpack16;
        }
        else if (from.kind == Operand::List && to.kind != Operand::List && from.items.size() == 2) {
            i.d = result(f, to, isWide ? '8' : '4');
            i.a = operand(f, from.items[0], '4');
            i.b = operand(f, from.items[1], '4');
            i.run = isWide ? pack : pack16;
        }
        else throw Error(s.line, "unknown: " + s.opcode + " of these vectors");
        emit(i);
    }

    void call(Frame& f, const Statement& s, int depth) {
        if (!s.guard.empty()) throw Error(s.line, "a call under a predicate");
        size_t n = 0;
        std::vector<Operand> results, arguments;
        if (nth(s, 0).kind == Operand::List) results = s.operands[n++].items;
        std::string callee = nth(s, n++).name;
        if (n < s.operands.size()) arguments = nth(s, n).items;
        auto at = source.functions.find(callee);
        if (at == source.functions.end() || !at->second.isDefined) throw Error(s.line, "no function '" + callee + "'");
        const auto& fn = at->second;
        if (results.size() != fn.results.size() || arguments.size() != fn.parameters.size()) throw Error(s.line, "other parameters than '" + callee + "' has");
        Frame inner;
        auto bind = [&](const Operand& given, const Variable& named) {
            auto at = f.parameters.find(given.name);
            if (at == f.parameters.end()) throw Error(s.line, "'" + given.name + "' is no parameter");
            inner.parameters[named.name] = at->second;
        };
        for (size_t k = 0; k < results.size(); k++) bind(results[k], fn.results[k]);
        for (size_t k = 0; k < arguments.size(); k++) bind(arguments[k], fn.parameters[k]);
        function(fn, inner, depth + 1);
        line = s.line;
    }

    void compute(Frame& f, const Statement& s) {
        std::string opcode = s.opcode;
        bool flushes = strip(opcode, ".ftz"), saturates = false;
        if (opcode.find(".f32") != std::string::npos || opcode.find(".f64") != std::string::npos) saturates = strip(opcode, ".sat");
        strip(opcode, ".uni");
        const Operation* operation = findOperation(opcode);
        if (!operation) throw Error(s.line, "an instruction that the stand-in does not know: " + s.opcode);
        const std::string& widths = operation->widths;
        if (s.operands.size() != widths.size() - 1) throw Error(s.line, s.opcode + " with another number of operands");
        auto i = begin(f, s);
        i.run = operation->run;
        for (size_t k = 2; k < widths.size(); k++) {
            int32_t place = operand(f, s.operands[k - 1], widths[k]);
            if (flushes && widths[k] == '4' && opcode.find(".f32") != std::string::npos) place = through("standin.flush.f32", place, s);
            (k == 2 ? i.a : k == 3 ? i.b : k == 4 ? i.c : i.v[0]) = place;
        }
        i.d = result(f, s.operands[0], widths[0]);
        if (startsWith(opcode, "setp")) {
            if (widths.size() == 5 && s.operands[3].isNegated) i.count = 0;
            if (!s.operands[0].second.empty()) {
                Operand q;
                q.name = s.operands[0].second;
                i.v[0] = result(f, q, 'p') + 1;
            }
        }
        else for (auto& o : s.operands) if (o.isNegated) throw Error(s.line, "a negated operand of " + s.opcode);
        emit(i);
        bool isFloat = opcode.size() > 4 && opcode.compare(opcode.size() - 4, 4, ".f32") == 0;
        if (flushes && isFloat && widths[0] == '4') after("standin.flush.f32", i);
        if (saturates) after("standin.saturate" + opcode.substr(opcode.size() - 4), i);
    }

    int32_t through(const char* opcode, int32_t place, const Statement& s) {
        Instruction i;
        i.line = s.line;
        i.text = opcode;
        i.run = findOperation(opcode)->run;
        i.a = place;
        i.d = allocate('4');
        emit(i);
        return i.d;
    }

    void after(const std::string& opcode, const Instruction& of) {
        Instruction i = of;
        i.text = opcode;
        i.run = findOperation(opcode)->run;
        i.a = i.d;
        emit(i);
    }
};

}

void decode(const ptx::Source& source, const ptx::Function& entry, Kernel& kernel) {
    kernel.program = std::make_shared<Program>();
    Decoder(source, kernel).run(entry);
}

// ---- Contraction

namespace {

bool isText(const Instruction& i, const char* opcode, const char*& type) {
    size_t n = strlen(opcode);
    if (i.text.compare(0, n, opcode) != 0) return false;
    type = i.text.c_str() + n;
    return !strcmp(type, ".f32") || !strcmp(type, ".f64");
}

bool writes(const Instruction& i, int32_t place) {
    if (i.kind != Instruction::plain && i.kind != Instruction::together) return false;
    if (startsWith(i.text, "ld") || startsWith(i.text, "mov")) for (int k = 0; k < 4; k++) if (i.v[k] == place) return true;
    return i.d == place;
}

}

void contract(Program& program, const std::map<int32_t, int>& definitions, const std::map<int32_t, int>& uses, const std::vector<bool>& leaders) {
    int mode = Options::get().contraction;
    if (mode == 0) return;
    auto count = [](const std::map<int32_t, int>& map, int32_t place) {
        auto at = map.find(place);
        return at == map.end() ? 0 : at->second;
    };
    auto& code = program.code;
    // The product that a sum may take up: the only one that writes this place, in the same run of instructions, its factors as they were.
    auto product = [&](size_t sum, int32_t place, const char* type) -> Instruction* {
        if (place < 0 || count(definitions, place) != 1 || (mode == 1 && count(uses, place) != 1)) return nullptr;
        for (size_t k = sum; k-- > 0 && !leaders[k + 1] && code[k].kind == Instruction::plain;) {
            const char* of;
            if (!writes(code[k], place)) continue;
            if (code[k].guard != -1 || !isText(code[k], "mul", of) || strcmp(of, type) != 0) return nullptr;
            for (size_t j = k + 1; j < sum; j++) if (writes(code[j], code[k].a) || writes(code[j], code[k].b)) return nullptr;
            return &code[k];
        }
        return nullptr;
    };
    std::map<int32_t, int> taken;
    for (size_t k = 0; k < code.size(); k++) {
        const char* type;
        bool isSum = isText(code[k], "add", type), isDifference = !isSum && isText(code[k], "sub", type);
        if ((!isSum && !isDifference) || code[k].guard != -1) continue;
        Instruction& sum = code[k];
        Instruction *first = product(k, sum.a, type), *second = product(k, sum.b, type);
        bool takesSecond = second && (!first || mode == 3);
        Instruction* p = takesSecond ? second : first;
        if (!p) continue;
        int32_t other = takesSecond ? sum.a : sum.b, place = takesSecond ? sum.b : sum.a;
        std::string opcode = isSum ? std::string("fma.rn") + type : std::string(takesSecond ? "standin.fnma" : "standin.fms") + type;
        sum.a = p->a, sum.b = p->b, sum.c = other;
        sum.run = findOperation(opcode)->run;
        sum.text = opcode;
        if (++taken[place] == count(uses, place)) p->run = nothing, p->text = "nothing", p->d = -1;
    }
}

}
