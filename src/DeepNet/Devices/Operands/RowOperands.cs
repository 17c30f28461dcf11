namespace DeepNet.Devices;

/// <summary>The tensors that a row operator reads and writes: dense, of one type, float32 or float64, but for the labels.</summary>
/// <param name="X">The rows.</param>
/// <param name="Y">The result: as many elements, or one for each row.</param>
/// <param name="Rows">How many rows there are.</param>
/// <param name="Length">How long they are.</param>
public readonly record struct RowOperands(Tensor X, Tensor Y, nint Rows, nint Length)
{
    /// <summary>A second set of rows: gradients.</summary>
    public Tensor? G { get; init; }

    /// <summary>A number for each column.</summary>
    public Tensor? W { get; init; }

    /// <summary>The gradient of each row's number; or one number, the gradient of their mean.</summary>
    public Tensor? Gradient { get; init; }

    /// <summary>True if <see cref="Gradient"/> is that of the mean over all rows, or over as many as <see cref="Counted"/> says.</summary>
    public bool IsMean { get; init; }

    /// <summary>Gets the number of rows that the mean is over, if not all: a number on the device.</summary>
    public Tensor? Counted { get; init; }

    /// <summary>A class for each row, int64 and in range or to be ignored.</summary>
    public Tensor? Labels { get; init; }

    /// <summary>The label of rows that do not count.</summary>
    public long IgnoreIndex { get; init; }

    /// <summary>Numbers of each row that an earlier pass saved: A; A and B; or A, B and the sums that they were closed from.</summary>
    public Tensor? Given { get; init; }

    /// <summary>Gets the tensor to save them in: 2 or 4 numbers for each row.</summary>
    public Tensor? Saved { get; init; }

    /// <summary>Keeps the tensors alive up to here.</summary>
    public void KeepAlive()
        => Tensor.KeepAlive(X, Y, G, W, Gradient, Counted, Labels, Given, Saved);
}
