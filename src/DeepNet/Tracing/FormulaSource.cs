namespace DeepNet.Tracing;

/// <summary>A formula that was applied, for readers that interpret it by a number of their own.</summary>
internal abstract class FormulaSource
{
    /// <summary>Calls a reader with the formula, its type known.</summary>
    public abstract void Accept(IFormulaReader reader);

    /// <summary>Gets the formula of one operand.</summary>
    public static FormulaSource Of<TOp>(TOp op) where TOp : unmanaged, IUnaryOp<TOp> => new Unary<TOp>(op);

    /// <summary>Gets the formula of two operands.</summary>
    public static FormulaSource OfTwo<TOp>(TOp op) where TOp : unmanaged, IBinaryOp<TOp> => new Binary<TOp>(op);

    private sealed class Unary<TOp>(TOp op) : FormulaSource where TOp : unmanaged, IUnaryOp<TOp>
    {
        public override void Accept(IFormulaReader reader) => reader.Unary(op);
    }

    private sealed class Binary<TOp>(TOp op) : FormulaSource where TOp : unmanaged, IBinaryOp<TOp>
    {
        public override void Accept(IFormulaReader reader) => reader.Binary(op);
    }
}

/// <summary>A reader of formulas.</summary>
internal interface IFormulaReader
{
    /// <summary>Reads a formula of one operand.</summary>
    void Unary<TOp>(TOp op) where TOp : unmanaged, IUnaryOp<TOp>;

    /// <summary>Reads a formula of two operands.</summary>
    void Binary<TOp>(TOp op) where TOp : unmanaged, IBinaryOp<TOp>;
}
