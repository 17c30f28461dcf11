namespace DeepNet.Data;

/// <summary>The tensors of a batch of any type that has them: <see cref="IBatch{TSelf}"/>, tensors, tuples, arrays, dictionaries.</summary>
internal static class BatchTensors
{
    /// <summary>Returns a value that is true if the tensors of batches of a type can be had.</summary>
    public static bool AreIn<TBatch>()
    {
        var type = typeof(TBatch);
        return typeof(IBatch<TBatch>).IsAssignableFrom(type)
            || type == typeof(Tensor) || type == typeof(Tensor[])
            || type == typeof((Tensor, Tensor)) || type == typeof((Tensor, Tensor, Tensor))
            || type == typeof((Tensor, Tensor, Tensor, Tensor)) || type == typeof((Tensor, Tensor, Tensor, Tensor, Tensor))
            || type == typeof(Dictionary<string, Tensor>) || type == typeof(IReadOnlyDictionary<string, Tensor>);
    }

    /// <summary>Throws where the tensors of batches of a type cannot be had.</summary>
    public static void Require<TBatch>(string op)
    {
        if (AreIn<TBatch>()) return;
        string name = typeof(TBatch).Name;
        throw new NotSupportedException(
            $"[{op}] the tensors of a batch of type {name} are not known. Let the type implement IBatch<{name}>, or use a tensor, an "
                + $"array, "
                + "a tuple of two to five tensors, or a dictionary of tensors by name.");
    }

    /// <summary>Makes a batch anew with a function applied to each tensor.</summary>
    public static TBatch Map<TBatch>(TBatch batch, Func<Tensor, Tensor> change)
    {
        object made = batch switch
        {
            IBatch<TBatch> own => own.Map(change)!,
            Tensor t => change(t),
            Tensor[] all => Array.ConvertAll(all, t => change(t)),
            ValueTuple<Tensor, Tensor> t => (change(t.Item1), change(t.Item2)),
            ValueTuple<Tensor, Tensor, Tensor> t => (change(t.Item1), change(t.Item2), change(t.Item3)),
            ValueTuple<Tensor, Tensor, Tensor, Tensor> t => (change(t.Item1), change(t.Item2), change(t.Item3), change(t.Item4)),
            ValueTuple<Tensor, Tensor, Tensor, Tensor, Tensor> t
                => (change(t.Item1), change(t.Item2), change(t.Item3), change(t.Item4), change(t.Item5)),
            IReadOnlyDictionary<string, Tensor> named => Changed(named, change),
            null => throw new InvalidOperationException("[batch] a batch is null."),
            _ => throw new NotSupportedException($"[batch] the tensors of a batch of type {batch.GetType().Name} are not known."),
        };
        return (TBatch)made;
    }

    /// <summary>The batch with its tensors on a device.</summary>
    public static TBatch To<TBatch>(TBatch batch, Device device) => Map(batch, t => t.To(device));

    /// <summary>Gets the number of examples of a batch.</summary>
    public static int Count<TBatch>(TBatch batch)
        => batch is IBatch<TBatch> own ? own.Count : FirstLength(change => Map(batch, change), typeof(TBatch));

    /// <summary>Gets the tensors of a batch, in order.</summary>
    public static List<Tensor> Of<TBatch>(TBatch batch)
    {
        var found = new List<Tensor>();
        Map(batch, t =>
        {
            found.Add(t);
            return t;
        });
        return found;
    }

    /// <summary>Gets the length of the first axis of the first tensor that a walk comes to.</summary>
    public static int FirstLength(Action<Func<Tensor, Tensor>> walk, Type type)
    {
        Tensor? first = null;
        walk(t => (first ??= t, t).t);
        return first is { Rank: > 0 } ? first.Shape[0] : throw new InvalidOperationException(
            $"[batch] the first tensor of a batch of type {type.Name} {(first is null ? "is missing" : "is a single number")}: its first "
                + "axis is to count the examples. Implement IBatch's Count to count them otherwise.");
    }

    private static Dictionary<string, Tensor> Changed(IReadOnlyDictionary<string, Tensor> named, Func<Tensor, Tensor> change)
    {
        var made = new Dictionary<string, Tensor>(named.Count);
        foreach (var (name, tensor) in named) made.Add(name, change(tensor));
        return made;
    }
}
