// The text of a PTX module as a tree: functions, variables and statements, not yet understood.
#pragma once
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace standin::ptx {

// What is wrong with a module, with the line.
struct Error : std::runtime_error {
    Error(int line, const std::string& what) : std::runtime_error("line " + std::to_string(line) + ": " + what) {}
};

struct Operand {
    enum Kind { Name, Integer, Float32, Float64, Address, List } kind = Name;
    std::string name;                           // of a register, label, variable; the base of an address
    uint64_t bits = 0;                          // of a number
    int64_t offset = 0;                         // of an address
    bool isNegated = false;                     // !%p
    std::string second;                         // p|q: the q
    std::vector<Operand> items;                 // {a, b} and (a, b)
};

struct Variable {
    std::string name, space, type;              // ".shared", ".b8"
    uint64_t align = 1, count = 1;              // elements; 0: of open length
    bool isArray = false, isExtern = false;
    std::vector<uint8_t> bytes;                 // of an initialiser
};

struct Statement {
    int line = 0;
    std::string label;                          // a label alone: the opcode is empty
    std::string guard;                          // the predicate in front, if any
    bool isGuardNegated = false;
    std::string opcode;
    std::vector<Operand> operands;
    std::vector<Variable> variables;            // declared here (opcode ".var"), registers too (space ".reg")
};

struct Function {
    std::string name;
    bool isEntry = false, isDefined = false;
    int line = 0;
    std::vector<Variable> results, parameters;
    std::vector<Statement> body;
    std::map<std::string, std::vector<uint64_t>> limits;        // .maxntid and the like
    std::map<std::string, std::vector<std::string>> targets;    // .branchtargets by label
};

struct Source {
    std::string version, target;
    std::map<std::string, Function> functions;
    std::vector<Variable> variables;
};

Source parse(const std::string& text);
int sizeOf(const std::string& type, int line);  // bytes of ".b32" and the like

}
