using DeepNet.Ops;

namespace DeepNet.Onnx;

/// <summary>
/// A number that writes nodes: a formula that is interpreted by it becomes a graph. Constants are computed at once, and what is written
/// twice is one node.
/// </summary>
internal readonly struct Symbol : INumber<Symbol>
{
    [ThreadStatic]
    private static FormulaWriter? writer;

    private readonly string? name;
    private readonly double value;

    private Symbol(string? name, double value) => (this.name, this.value) = (name, value);

    public static Symbol Named(string name) => new(name, 0);

    /// <summary>Has formulas write to a writer until another one is set.</summary>
    public static void WriteTo(FormulaWriter? to) => writer = to;

    private bool IsConstant => name is null;

    public string Name => name ?? writer!.Number(value);

    public static Symbol Constant(double value) => new(null, value);

    public static Symbol Constant(Setting value) => writer!.Setting(value.Value) is { } open ? Named(open) : new(null, value.Value);

    static Symbol INumber<Symbol>.Apply<TOp>(TOp op, Symbol x)
        => !x.IsConstant && NativeFormulas.Of(op, writer!.Opset) is { } native ? Node(native, x) : op.Forward(x);

    private static Symbol Node(string op, params ReadOnlySpan<Symbol> inputs)
    {
        string[] names = new string[inputs.Length];
        for (int i = 0; i < names.Length; i++) names[i] = inputs[i].Name;
        return Named(writer!.Graph.Node(op, names));
    }

    private static Symbol One(string op, Symbol x, Func<double, double> compute) => x.IsConstant ? Constant(compute(x.value)) : Node(op, x);

    private static Symbol Two(string op, Symbol a, Symbol b, Func<double, double, double> compute)
        => a.IsConstant && b.IsConstant ? Constant(compute(a.value, b.value)) : Node(op, a, b);

    private static bool Is(Symbol x, double value) => x.IsConstant && x.value == value;

    public static Symbol operator +(Symbol a, Symbol b) => Is(a, 0) ? b : Is(b, 0) ? a : Two("Add", a, b, (x, y) => x + y);
    public static Symbol operator -(Symbol a, Symbol b) => Is(b, 0) ? a : Two("Sub", a, b, (x, y) => x - y);
    public static Symbol operator *(Symbol a, Symbol b) => Is(a, 1) ? b : Is(b, 1) ? a : Two("Mul", a, b, (x, y) => x * y);
    public static Symbol operator /(Symbol a, Symbol b) => Is(b, 1) ? a : Two("Div", a, b, (x, y) => x / y);
    public static Symbol operator -(Symbol x) => One("Neg", x, v => -v);
    public static Symbol Fma(Symbol a, Symbol b, Symbol c) => a * b + c;
    public static Symbol Exp(Symbol x) => One("Exp", x, Math.Exp);

    // 2t / (1 − t) with t = tanh(x / 2) is accurate near 0.
    public static Symbol Expm1(Symbol x)
    {
        if (x.IsConstant) return Constant(Math.Abs(x.value) < 1e-5 ? x.value * (1 + x.value / 2) : Math.Exp(x.value) - 1);
        var t = Tanh(x * Constant(0.5));
        return t * Constant(2) / (Constant(1) - t);
    }

    public static Symbol Log(Symbol x) => One("Log", x, Math.Log);

    // Kahan's: what 1 + x loses is put back.
    public static Symbol Log1p(Symbol x)
    {
        if (x.IsConstant) return Constant(double.LogP1(x.value));
        Symbol one = Constant(1), u = one + x;
        return IfEqual(u, one, x, Log(u) * (x / (u - one)));
    }

    public static Symbol Sin(Symbol x) => One("Sin", x, Math.Sin);
    public static Symbol Cos(Symbol x) => One("Cos", x, Math.Cos);
    public static Symbol Atan(Symbol x) => One("Atan", x, Math.Atan);
    public static Symbol Tanh(Symbol x) => One("Tanh", x, Math.Tanh);
    public static Symbol Erf(Symbol x) => Node("Erf", x);
    public static Symbol Pow(Symbol a, Symbol b) => Two("Pow", a, b, Math.Pow);
    public static Symbol Sqrt(Symbol x) => One("Sqrt", x, Math.Sqrt);
    public static Symbol Abs(Symbol x) => One("Abs", x, Math.Abs);
    public static Symbol Floor(Symbol x) => One("Floor", x, Math.Floor);
    public static Symbol Ceil(Symbol x) => One("Ceil", x, Math.Ceiling);
    public static Symbol Round(Symbol x) => One("Round", x, v => Math.Round(v, MidpointRounding.ToEven));

    // An infinite limit is none, and NaN passes either way.
    public static Symbol Max(Symbol a, Symbol b)
        => Is(a, double.NegativeInfinity) ? b : Is(b, double.NegativeInfinity) ? a : Two("Max", a, b, Math.Max);

    public static Symbol Min(Symbol a, Symbol b)
        => Is(a, double.PositiveInfinity) ? b : Is(b, double.PositiveInfinity) ? a : Two("Min", a, b, Math.Min);

    public static Symbol IfGreater(Symbol p, Symbol q, Symbol a, Symbol b)
        => p.IsConstant && q.IsConstant ? (p.value > q.value ? a : b) : Node("Where", Node("Greater", p, q), a, b);

    public static Symbol IfEqual(Symbol p, Symbol q, Symbol a, Symbol b)
        => p.IsConstant && q.IsConstant ? (p.value == q.value ? a : b) : Node("Where", Node("Equal", p, q), a, b);
}
