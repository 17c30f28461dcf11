namespace DeepNet.Ops;

/// <summary>A recurrent cell over a whole sequence, whatever its cell is.</summary>
internal interface IFusedSequence
{
    /// <summary>Gets a value that is true if the sequence is read from its end.</summary>
    bool IsReverse { get; }

    /// <summary>Gets the type of the cell.</summary>
    Type Cell { get; }
}
