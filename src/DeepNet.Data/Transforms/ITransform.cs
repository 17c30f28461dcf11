namespace DeepNet.Data.Transforms;

/// <summary>
/// Something done to examples on their way to a model. It works on batches, because that is fast, and must do to each example what it
/// would do to it alone (except where mixing examples is the point).
/// </summary>
/// <remarks>A loader calls it from several threads at once, so it keeps no state between calls: all chance comes from the keys.</remarks>
/// <typeparam name="TBatch">The type of a batch.</typeparam>
public interface ITransform<TBatch>
{
    /// <summary>The batch, changed; the tensors given stay as they are.</summary>
    /// <param name="batch">The examples.</param>
    /// <param name="keys">A key for each example, from which its random numbers come.</param>
    TBatch Apply(TBatch batch, ReadOnlySpan<DrawKey> keys);
}

/// <summary>A transform of inputs and targets.</summary>
public interface ITransform : ITransform<Batch>;
