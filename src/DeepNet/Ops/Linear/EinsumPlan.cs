namespace DeepNet.Ops;

/// <summary>
/// An einsum equation, read: a list of labels for each operand and for the result. An ellipsis stands for labels of its own.
/// </summary>
internal sealed class EinsumPlan
{
    // Labels are letters; the axes under an ellipsis get codes above all letters, the last axis the first code.
    private const int EllipsisBase = char.MaxValue + 1;

    private EinsumPlan(List<int>[] operands, List<int> result)
    {
        Operands = operands;
        Result = result;
    }

    public List<int>[] Operands { get; }
    public List<int> Result { get; }

    public static EinsumPlan Read(string equation, ReadOnlySpan<Tensor> tensors)
    {
        int arrow = equation.IndexOf("->", StringComparison.Ordinal);
        int end = arrow < 0 ? equation.Length : arrow;
        var operands = new List<int>[tensors.Length];
        int at = 0, widest = 0;
        for (int i = 0; i < tensors.Length; i++)
        {
            if (at > end)
                throw Wrong(equation, end, $"there are {i} terms and {tensors.Length} operands");
            int comma = equation.IndexOf(',', at, end - at);
            int termEnd = comma < 0 ? end : comma;
            operands[i] = ReadTerm(equation, at, termEnd, tensors[i].Shape, i, ref widest);
            at = termEnd + 1;
        }
        if (at <= end) throw Wrong(equation, at - 1, $"there are more terms than the {tensors.Length} operands");
        var result = arrow < 0 ? Implicit(operands, widest) : ReadResult(equation, arrow + 2, operands, widest);
        return new EinsumPlan(operands, result);
    }

    private static List<int> ReadTerm(string equation, int from, int end, Shape shape, int operand, ref int widest)
    {
        var labels = new List<int>();
        int ellipsis = -1;
        for (int i = from; i < end; i++)
        {
            char c = equation[i];
            if (c == ' ') continue;
            if (c == '.')
            {
                ReadEllipsis(equation, ref i, end, ellipsis >= 0);
                ellipsis = labels.Count;
            }
            else if (char.IsAsciiLetter(c)) labels.Add(c);
            else throw Wrong(equation, i, $"'{c}' is not a label; labels are letters");
        }
        int covered = shape.Rank - labels.Count;
        if (covered < 0 || (covered > 0 && ellipsis < 0))
            throw Wrong(equation, from,
                $"the term has {labels.Count} labels and operand {operand} of shape {shape} has {shape.Rank} axes"
                + (covered > 0 ? "; '...' would stand for the others" : ""));
        if (ellipsis >= 0) labels.InsertRange(ellipsis, Covered(covered));
        widest = Math.Max(widest, ellipsis < 0 ? 0 : covered);
        return labels;
    }

    private static List<int> ReadResult(string equation, int from, List<int>[] operands, int widest)
    {
        var labels = new List<int>();
        bool hasEllipsis = false;
        for (int i = from; i < equation.Length; i++)
        {
            char c = equation[i];
            if (c == ' ') continue;
            if (c == '.')
            {
                ReadEllipsis(equation, ref i, equation.Length, hasEllipsis);
                hasEllipsis = true;
                labels.AddRange(Covered(widest));
                continue;
            }
            if (!char.IsAsciiLetter(c)) throw Wrong(equation, i, $"'{c}' is not a label; labels are letters");
            if (labels.Contains(c)) throw Wrong(equation, i, $"label '{c}' is in the result twice");
            if (!operands.Any(o => o.Contains(c))) throw Wrong(equation, i, $"label '{c}' of the result is in no operand");
            labels.Add(c);
        }
        return labels;
    }

    private static void ReadEllipsis(string equation, ref int i, int end, bool isSecond)
    {
        if (i + 3 > end || equation[i + 1] != '.' || equation[i + 2] != '.') throw Wrong(equation, i, "an ellipsis has three dots");
        if (isSecond) throw Wrong(equation, i, "a term can have one ellipsis");
        i += 2;
    }

    // Aligned at the last axis, as broadcasting is.
    private static IEnumerable<int> Covered(int count) => Enumerable.Range(0, count).Select(i => EllipsisBase + count - 1 - i);

    /// <summary>Without an arrow: what the ellipses cover, then all labels that occur once, in alphabetical order.</summary>
    private static List<int> Implicit(List<int>[] operands, int widest)
    {
        var letters = operands.SelectMany(o => o).Where(l => l < EllipsisBase);
        return [.. Covered(widest), .. letters.GroupBy(l => l).Where(g => g.Count() == 1).Select(g => g.Key).Order()];
    }

    /// <summary>Gets the text of a label in messages.</summary>
    public static string Name(int label) => label < EllipsisBase ? $"'{(char)label}'" : "'...'";

    private static FormatException Wrong(string equation, int position, string what)
        => new($"[einsum] {what}, at position {position}:\n  {equation}\n  {new string(' ', position)}^");
}
