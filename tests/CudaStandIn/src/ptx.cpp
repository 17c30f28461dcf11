#include "ptx.h"
#include <cstdlib>
#include <cstring>

namespace standin::ptx {

namespace {

struct Token {
    std::string text;
    int line;
};

bool isWord(char c) { return isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$' || c == '%' || c == '.'; }

std::vector<Token> tokenise(const std::string& s) {
    std::vector<Token> tokens;
    int line = 1;
    for (size_t i = 0; i < s.size();) {
        char c = s[i];
        if (c == '\n') { line++; i++; }
        else if (isspace(static_cast<unsigned char>(c)) || c == 0) i++;
        else if (s.compare(i, 2, "//") == 0) while (i < s.size() && s[i] != '\n') i++;
        else if (s.compare(i, 2, "/*") == 0) {
            for (i += 2; i < s.size() && s.compare(i, 2, "*/") != 0; i++) line += s[i] == '\n';
            i += 2;
        }
        else if (c == '"') {
            size_t end = s.find('"', i + 1);
            tokens.push_back({s.substr(i, end - i + 1), line});
            i = end + 1;
        }
        else if (isWord(c)) {
            size_t end = i;
            // Cache hints are written L1::evict_last, within an opcode.
            while (end < s.size() && (isWord(s[end]) || (s.compare(end, 2, "::") == 0 && (end += 1)))) end++;
            tokens.push_back({s.substr(i, end - i), line});
            i = end;
        }
        else tokens.push_back({std::string(1, s[i++]), line});
    }
    return tokens;
}

class Parser {
public:
    explicit Parser(const std::string& text) : tokens(tokenise(text)) {}

    Source module() {
        Source source;
        while (at < tokens.size()) {
            if (take(".version")) source.version = next();
            else if (take(".target")) { do source.target = next(); while (take(",")); }
            else if (take(".address_size")) { if (next() != "64") fail("only 64-bit addresses"); }
            else if (take(".file")) skipLine();
            else if (take(".section")) { while (!take("}")) at++; }
            else linkage(source);
        }
        return source;
    }

private:
    std::vector<Token> tokens;
    size_t at = 0;

    [[noreturn]] void fail(const std::string& what) const { throw Error(line(), what + (at < tokens.size() ? " before '" + tokens[at].text + "'" : "")); }
    int line() const { return tokens.empty() ? 0 : tokens[at < tokens.size() ? at : tokens.size() - 1].line; }
    const std::string& peek(size_t ahead = 0) const {
        static const std::string nothing;
        return at + ahead < tokens.size() ? tokens[at + ahead].text : nothing;
    }
    std::string next() {
        if (at >= tokens.size()) fail("the text ends too early");
        return tokens[at++].text;
    }
    bool take(const char* text) {
        if (peek() != text) return false;
        at++;
        return true;
    }
    void expect(const char* text) {
        if (!take(text)) fail(std::string("expected '") + text + "'");
    }
    void skipLine() {
        for (int here = line(); at < tokens.size() && tokens[at].line == here; at++) {}
    }

    static bool isNumber(const std::string& s) { return !s.empty() && isdigit(static_cast<unsigned char>(s[0])); }

    uint64_t integer() {
        bool isNegative = take("-");
        std::string s = next();
        if (!isNumber(s)) fail("expected a number, not '" + s + "'");
        if (s.back() == 'U') s.pop_back();
        uint64_t value = strtoull(s.c_str(), nullptr, 0);
        return isNegative ? uint64_t(0) - value : value;
    }

    void linkage(Source& source) {
        bool isExtern = false;
        while (peek() == ".visible" || peek() == ".extern" || peek() == ".weak" || peek() == ".common") isExtern |= next() == ".extern";
        if (peek() == ".entry" || peek() == ".func") function(source, isExtern);
        else {
            for (auto& variable : declaration()) {
                variable.isExtern = isExtern;
                source.variables.push_back(variable);
            }
            expect(";");
        }
    }

    void function(Source& source, bool isExtern) {
        Function f;
        f.line = line();
        f.isEntry = next() == ".entry";
        if (take("(")) f.results = parameters();
        f.name = next();
        if (take("(")) f.parameters = parameters();
        while (peek()[0] == '.') {              // .maxntid 256, 1, 1
            auto& limit = f.limits[next()];
            if (isNumber(peek())) do limit.push_back(integer()); while (take(","));
        }
        if (take(";")) {
            if (isExtern) f.isDefined = false;
            source.functions.emplace(f.name, f);
            return;
        }
        f.isDefined = true;
        expect("{");
        for (int depth = 1; depth > 0;) {
            if (take("{")) depth++;
            else if (take("}")) depth--;
            else statement(f);
        }
        source.functions[f.name] = f;
    }

    std::vector<Variable> parameters() {
        std::vector<Variable> all;
        while (!take(")")) {
            for (auto& one : declaration()) all.push_back(one);
            take(",");
        }
        return all;
    }

    // .shared .align 4 .b8 name[1024], with several names and %r<20> for registers; without the semicolon.
    std::vector<Variable> declaration() {
        Variable v;
        v.space = next();
        uint64_t vector = 1;
        while (peek()[0] == '.') {
            std::string word = next();
            if (word == ".align") v.align = integer();
            else if (word == ".ptr") {}
            else if (word == ".v2") vector = 2;
            else if (word == ".v4") vector = 4;
            else if (word == ".global" || word == ".const" || word == ".shared" || word == ".local") {}   // what a .ptr points to
            else v.type = word;
        }
        std::vector<Variable> all;
        do {
            Variable one = v;
            one.name = next();
            one.count = vector;
            if (take("<")) {
                one.count = integer();
                expect(">");
            }
            while (take("[")) {
                one.isArray = true;
                one.count *= peek() == "]" ? 0 : integer();
                expect("]");
            }
            if (take("=")) initialiser(one);
            all.push_back(one);
        } while (v.space != ".param" && take(","));
        return all;
    }

    void initialiser(Variable& v) {
        int size = sizeOf(v.type, line());
        auto add = [&](uint64_t bits) { for (int i = 0; i < size; i++) v.bytes.push_back(uint8_t(bits >> 8 * i)); };
        if (!take("{")) { add(literal().bits); return; }
        while (!take("}")) {
            add(literal().bits);
            take(",");
        }
    }

    Operand literal() {
        Operand o;
        bool isNegative = take("-");
        std::string s = next();
        if (s.size() > 2 && s[0] == '0' && (s[1] == 'f' || s[1] == 'F')) { o.kind = Operand::Float32; o.bits = strtoull(s.c_str() + 2, nullptr, 16); }
        else if (s.size() > 2 && s[0] == '0' && (s[1] == 'd' || s[1] == 'D')) { o.kind = Operand::Float64; o.bits = strtoull(s.c_str() + 2, nullptr, 16); }
        else if (isNumber(s) && s.find('.') == std::string::npos) { at--; o.kind = Operand::Integer; o.bits = integer(); }
        else fail("expected a number, not '" + s + "'");
        if (isNegative) {
            if (o.kind != Operand::Integer) fail("a minus before a float's bits");
            o.bits = uint64_t(0) - o.bits;
        }
        return o;
    }

    Operand operand() {
        Operand o;
        if (take("!")) o.isNegated = true;
        if (take("{") || take("(")) {
            const char* end = tokens[at - 1].text == "{" ? "}" : ")";
            o.kind = Operand::List;
            while (!take(end)) {
                o.items.push_back(operand());
                take(",");
            }
            return o;
        }
        if (take("[")) {
            o.kind = Operand::Address;
            if (isNumber(peek())) o.offset = int64_t(integer());
            else o.name = next();
            while (!take("]")) {
                take("+");
                o.offset += int64_t(integer());
            }
            return o;
        }
        if (peek() == "-" || isNumber(peek())) return literal();
        o.name = next();
        if (take("|")) o.second = next();
        return o;
    }

    void statement(Function& f) {
        Statement s;
        s.line = line();
        if (peek() == ".loc") { skipLine(); return; }
        if (take(".pragma")) { while (!take(";")) at++; return; }
        if (peek(1) == ":") {
            std::string label = next();
            at++;
            if (take(".branchtargets")) {
                do f.targets[label].push_back(next()); while (take(","));
                expect(";");
                return;
            }
            s.label = label;
            f.body.push_back(s);
            return;
        }
        if (peek()[0] == '.') {
            s.opcode = ".var";
            s.variables = declaration();
            expect(";");
            f.body.push_back(s);
            return;
        }
        if (take("@")) {
            s.isGuardNegated = take("!");
            s.guard = next();
        }
        s.opcode = next();
        if (!take(";")) {
            do s.operands.push_back(operand()); while (take(","));
            expect(";");
        }
        f.body.push_back(s);
    }
};

}

int sizeOf(const std::string& type, int line) {
    if (type == ".pred") return 0;
    if (type == ".bf16") return 2;
    size_t digit = type.find_first_of("0123456789");
    int bits = digit == std::string::npos ? 0 : atoi(type.c_str() + digit);
    if (type.size() < 3 || !strchr("bsuf", type[1]) || (bits != 8 && bits != 16 && bits != 32 && bits != 64)) throw Error(line, "an unknown type '" + type + "'");
    return bits / 8;
}

Source parse(const std::string& text) { return Parser(text).module(); }

}
