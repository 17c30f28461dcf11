using DeepNet.Ops;
using DeepNet.Tracing;

namespace DeepNet.Onnx;

/// <summary>The graph that formulas are written to, with the element type of their constants.</summary>
internal sealed class FormulaWriter(GraphWriter graph, int opset, DType dtype, Func<double, string?>? settings)
{
    public GraphWriter Graph => graph;

    public int Opset => opset;

    public string Number(double value) => graph.Number(value, dtype);

    /// <summary>The name of a parameter of a formula that follows from the length of an open axis; null if it is the number.</summary>
    public string? Setting(double value) => settings?.Invoke(value);
}

/// <summary>Writes one formula.</summary>
internal sealed class FormulaExport(string[] inputs) : IFormulaReader, IFormulaVisitor
{
    public string Result { get; private set; } = "";

    public void Unary<TOp>(TOp op) where TOp : unmanaged, IUnaryOp<TOp>
    {
        var x = Symbol.Named(inputs[0]);
        Result = Apply(op, x).Name;
    }

    private static V Apply<TOp, V>(TOp op, V x) where TOp : unmanaged, IUnaryOp<TOp> where V : INumber<V> => V.Apply(op, x);

    public void Binary<TOp>(TOp op) where TOp : unmanaged, IBinaryOp<TOp>
        => Result = op.Forward(Symbol.Named(inputs[0]), Symbol.Named(inputs[1])).Name;

    void IFormulaVisitor.Visit<TOp>(ref readonly TOp op) => Unary(op);
}

/// <summary>Formulas that the standard has as operators.</summary>
internal static class NativeFormulas
{
    /// <summary>Gets the operator of a formula of one operand; null if it has to be written out.</summary>
    public static string? Of(object formula, int opset) => formula switch
    {
        Relu => "Relu",
        Sigmoid => "Sigmoid",
        Tan => "Tan",
        Asin => "Asin",
        Acos => "Acos",
        Sinh => "Sinh",
        Cosh => "Cosh",
        Asinh => "Asinh",
        Acosh => "Acosh",
        Atanh => "Atanh",
        Sign => "Sign",
        Reciprocal => "Reciprocal",
        Softsign => "Softsign",
        HardSwish => "HardSwish",
        Mish => "Mish",
        Gelu when opset >= 20 => "Gelu",
        _ => null,
    };
}
