using System.Text;

namespace DeepNet.Plots;

/// <summary>Turns formulas in a part of TeX into MathML, which browsers set and screen readers read without a script.</summary>
internal sealed class MathMl
{
    private readonly TexReader reader;

    private MathMl(string tex) => reader = new TexReader(tex);

    /// <summary>Returns the formula as an element, in a line of text or displayed on a line of its own.</summary>
    /// <exception cref="ArgumentException">
    /// A command is unknown, or something is not closed; the message names it and its place.
    /// </exception>
    public static string Of(string tex, bool display = false)
    {
        var math = new MathMl(tex);
        string row = math.Row("");
        return $"<math{(display ? " display=\"block\"" : "")}>{row}</math>";
    }

    /// <summary>Reads up to one of some pieces, which stays to be read; "" is the end.</summary>
    private string Row(params ReadOnlySpan<string> ends)
    {
        var row = new StringBuilder();
        bool afterOperand = false;
        while (true)
        {
            string next = reader.Peek();
            if (ends.Contains(next)) return row.ToString();
            if (next.Length == 0) throw reader.Error(reader.Place, $"{ends[0]} is missing at the end");
            if (next is "}" or "&" or @"\\" or @"\right" or @"\end") throw reader.Error(reader.Place, $"{next} closes nothing");
            string item = Scripted(afterOperand);
            row.Append(item);
            afterOperand = !item.StartsWith("<mo", StringComparison.Ordinal) || item.EndsWith(")</mo>", StringComparison.Ordinal);
        }
    }

    /// <summary>Reads a symbol with what stands below and above it.</summary>
    private string Scripted(bool afterOperand)
    {
        bool limits = false;
        string core = reader.Peek() is "^" or "_" ? "<mrow></mrow>" : Atom(afterOperand, out limits);
        string? below = null, above = null, primes = null;
        while (true)
        {
            int at = reader.Place;
            string next = reader.Peek();
            if (next == "_") Script(ref below, "below");
            else if (next == "^") Script(ref above, "above");
            else if (next == "'")
            {
                if (above is not null || primes is not null) throw reader.Error(at, "a second thing above");
                int count = 0;
                while (reader.Take("'")) count++;
                primes = $"<mo>{new string('′', count)}</mo>";
            }
            else break;
        }
        if (primes is not null) above = above is null ? primes : $"<mrow>{primes}{above}</mrow>";      // f'^2
        string kind = (below is not null, above is not null, limits) switch
        {
            (false, false, _) => "",
            (true, false, false) => "msub",
            (false, true, false) => "msup",
            (true, true, false) => "msubsup",
            (true, false, true) => "munder",
            (false, true, true) => "mover",
            (true, true, true) => "munderover",
        };
        return kind.Length == 0 ? core : $"<{kind}>{core}{below}{above}</{kind}>";

        void Script(ref string? place, string where)
        {
            int at = reader.Place;
            reader.Next();
            if (place is not null) throw reader.Error(at, $"a second thing {where}");
            place = Argument(where == "below" ? "_" : "^");
        }
    }

    /// <summary>Reads a group in braces, or one symbol.</summary>
    private string Argument(string what)
    {
        if (reader.Peek().Length == 0) throw reader.Error(reader.Place, $"{what} has nothing behind it");
        if (reader.Take("{")) return Group();
        if (reader.Peek() is [var c] && char.IsAsciiDigit(c)) return $"<mn>{reader.Next()}</mn>";
        return Atom(afterOperand: false, out _);
    }

    private string Group()
    {
        string row = Row("}");
        reader.Next();
        return $"<mrow>{row}</mrow>";
    }

    private string Atom(bool afterOperand, out bool limits)
    {
        limits = false;
        string piece = reader.Peek();
        int at = reader.Place;
        if (piece is [var digit] && char.IsAsciiDigit(digit)) return $"<mn>{reader.Digits()}</mn>";
        reader.Next();
        if (piece == "{") return Group();
        if (piece[0] == '\\' && piece.Length > 1) return Command(piece[1..], at, afterOperand, out limits);
        if (char.IsLetter(piece[0])) return $"<mi>{piece}</mi>";
        return piece switch
        {
            "-" => "<mo>−</mo>",
            "*" => "<mo>∗</mo>",
            "(" or ")" or "[" or "]" or "|" => Fence(piece),
            "~" => Space("0.25"),
            "$" or "#" or "%" or "\\" => throw reader.Error(at, $"{piece} has no meaning in a formula"),
            _ => $"<mo>{HtmlText.Escape(piece)}</mo>",
        };
    }

    private string Command(string name, int at, bool afterOperand, out bool limits)
    {
        limits = false;
        if (MathSymbols.Letters.TryGetValue(name, out string? letter))
            return char.IsAsciiLetterUpper(name[0]) || letter is "∂" or "∇" or "∞" ? Upright(letter) : $"<mi>{letter}</mi>";
        if (MathSymbols.Operators.TryGetValue(name, out string? sign)) return $"<mo>{sign}</mo>";
        if (MathSymbols.Fences.TryGetValue(name, out string? fence)) return Fence(fence);
        if (MathSymbols.Large.TryGetValue(name, out string? large))
        {
            limits = large is not ("∫" or "∮");
            return $"<mo>{large}</mo>";
        }
        if (MathSymbols.Functions.Contains(name)) return Function(name, afterOperand);
        if (MathSymbols.Limits.TryGetValue(name, out string? limit))
        {
            limits = true;
            return Function(limit, afterOperand, " movablelimits=\"true\"");
        }
        if (MathSymbols.Accents.TryGetValue(name, out var accent))
        {
            string grows = accent.Grows ? "true" : "false";
            return $"<mover accent=\"true\">{Argument(name)}<mo stretchy=\"{grows}\">{accent.Sign}</mo></mover>";
        }
        if (MathSymbols.Spaces.TryGetValue(name, out string? space)) return Space(space);
        if (MathSymbols.Alphabets.Contains(name)) return Alphabet(name);
        switch (name)
        {
            case "frac" or "dfrac" or "tfrac":
                return $"<mfrac>{Argument(@"\frac")}{Argument(@"\frac")}</mfrac>";
            case "binom":
                return $"<mrow><mo>(</mo><mfrac linethickness=\"0\">{Argument(@"\binom")}{Argument(@"\binom")}</mfrac><mo>)</mo></mrow>";
            case "sqrt":
                if (!reader.Take("[")) return $"<msqrt>{Argument(@"\sqrt")}</msqrt>";
                string degree = Row("]");
                reader.Next();
                return $"<mroot>{Argument(@"\sqrt")}<mrow>{degree}</mrow></mroot>";
            case "text":
                return $"<mtext>{HtmlText.Escape(reader.Words(@"\text")).Replace(' ', '\u00a0')}</mtext>";
            case "operatorname":
                return Function(HtmlText.Escape(reader.Words(@"\operatorname")), afterOperand);
            case "underbrace":
                limits = true;
                return $"<munder>{Argument(@"\underbrace")}<mo stretchy=\"true\">⏟</mo></munder>";
            case "left":
                string open = Delimiter(@"\left"), inner = Row(@"\right");
                reader.Next();
                return $"<mrow>{open}{inner}{Delimiter(@"\right")}</mrow>";
            case "begin":
                return Table(at);
            default:
                string? near = MathSymbols.All.Where(k => k.Length > 1 && char.IsAsciiLetter(k[0]))
                    .MinBy(k => EditDistance.Between(k, name));
                string hint = near is not null && EditDistance.Between(near, name) <= 2 ? $"; did you mean \\{near}?" : "";
                throw reader.Error(at, $"the command \\{name} is unknown{hint}");
        }
    }

    private string Alphabet(string name)
    {
        if (!reader.Take("{"))
        {
            string one = reader.Next();
            return Letters(one.StartsWith('\\') ? MathSymbols.Letters.GetValueOrDefault(one[1..], one) : one);
        }
        var symbols = new StringBuilder();
        while (!reader.Take("}"))
        {
            int at = reader.Place;
            string piece = reader.Next();
            if (piece.Length == 0) throw reader.Error(at, $"the brace of \\{name} is not closed");
            if (piece is not ['\\', ..]) symbols.Append(piece);
            else if (MathSymbols.Letters.TryGetValue(piece[1..], out string? letter)) symbols.Append(letter);
            else throw reader.Error(at, $"\\{name} takes letters and digits, and there is {piece}");
        }
        return Letters(symbols.ToString());

        string Letters(string symbols)
        {
            string text = HtmlText.Escape(MathSymbols.In(name, symbols));
            return name == "mathrm" && symbols.Length == 1 ? Upright(text) : $"<mi>{text}</mi>";
        }
    }

    private string Table(int at)
    {
        string kind = reader.Words(@"\begin");
        var (open, close, align) = kind switch
        {
            "matrix" => ("", "", ""),
            "pmatrix" => ("(", ")", ""),
            "bmatrix" => ("[", "]", ""),
            "vmatrix" => ("|", "|", ""),
            "cases" => ("{", "", "left"),
            "aligned" => ("", "", "right"),
            _ => throw reader.Error(
                at, $"the environment {kind} is unknown; there are matrix, pmatrix, bmatrix, vmatrix, cases and aligned"),
        };
        var table = new StringBuilder();
        bool isEnd = false;
        while (!isEnd)
        {
            if (reader.Peek() == @"\end") break;        // a last row that only ends the one before
            table.Append("<mtr>");
            for (int column = 0; ; column++)
            {
                string side = align switch { "left" => "left", "right" => column % 2 == 0 ? "right" : "left", _ => "" };
                string style = side.Length == 0 ? "" : $" style=\"text-align:{side}{(kind == "aligned" ? ";padding-inline:0.15em" : "")}\"";
                table.Append("<mtd").Append(style).Append('>').Append(Row("&", @"\\", @"\end")).Append("</mtd>");
                if (reader.Take("&")) continue;
                isEnd = !reader.Take(@"\\");
                break;
            }
            table.Append("</mtr>");
        }
        reader.Expect(@"\end", @"\begin");
        int closing = reader.Place;
        if (reader.Words(@"\end") is var name && name != kind) throw reader.Error(closing, $"\\end{{{name}}} closes \\begin{{{kind}}}");
        string style2 = kind == "aligned" ? " displaystyle=\"true\"" : "";
        return $"<mrow>{Grown(open)}<mtable{style2}>{table}</mtable>{Grown(close)}</mrow>";
    }

    private string Delimiter(string what)
    {
        int at = reader.Place;
        string piece = reader.Next();
        if (piece == ".") return "";
        if (piece is "(" or ")" or "[" or "]" or "|" or "/") return Grown(piece);
        if (piece is ['\\', ..] && MathSymbols.Fences.TryGetValue(piece[1..], out string? fence)) return Grown(fence);
        string found = piece.Length == 0 ? "the end" : piece;
        throw reader.Error(at, $"{what} needs a bracket behind it, or a point for none, and there is {found}");
    }

    /// <summary>Sets a function's name, with a space to what stands beside it, unless that is a bracket.</summary>
    private string Function(string name, bool afterOperand, string more = "")
    {
        bool isTight = reader.Peek() is "(" or "[" or @"\left" or "^" or "_" or "," or "" or "}" or @"\right";
        return $"<mo lspace=\"{(afterOperand ? "0.167em" : "0")}\" rspace=\"{(isTight ? "0" : "0.167em")}\"{more}>{name}</mo>";
    }

    private static string Fence(string sign) => $"<mo stretchy=\"false\">{sign}</mo>";

    private static string Grown(string sign) => sign.Length == 0 ? "" : $"<mo fence=\"true\" stretchy=\"true\">{sign}</mo>";

    private static string Upright(string letter) => $"<mi mathvariant=\"normal\">{letter}</mi>";

    private static string Space(string em) => $"<mspace width=\"{em}em\"></mspace>";
}
