using System.Diagnostics.CodeAnalysis;

namespace DeepNet.Data.Loading;

/// <summary>
/// Takes the examples of a stream, shuffled, from one pass to the next. Blocks of as many examples as the buffer has are shuffled each by
/// itself, by a key of pass and block: so the order at any place follows from the place, and a pass can go on there.
/// </summary>
/// <remarks>While a block is given out, the next one is read, an example for each: the buffer stays as full as it is.</remarks>
internal sealed class StreamCursor<T> : IDisposable
{
    private readonly StreamSource<T> stream;
    private readonly StreamPlan plan;
    private readonly CancellationTokenSource stop = new();
    private readonly object gate = new();
    private ItemReader<T>? source;
    private T[] block = [];
    private int[] order = [];
    private readonly List<T> ahead = [];
    private int given;
    private long blockNumber;
    private int pass;
    private bool isReading, isClosed, isPlaced, isAtEnd;

    public StreamCursor(StreamSource<T> stream, StreamPlan plan)
    {
        (this.stream, this.plan) = (stream, plan);
        pass = plan.Pass;
    }

    /// <summary>Gets the place of the example that is read next, in the present pass.</summary>
    public long Position { get; private set; }

    /// <summary>Takes examples; fewer than asked for at the end of the stream.</summary>
    public List<T> Take(int count, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (isClosed) return [];
            isReading = true;
        }
        try
        {
            if (!isPlaced) Place(cancellation);
            isPlaced = true;
            var taken = new List<T>(count);
            while (taken.Count < count && TryTake(out var item, cancellation)) taken.Add(item);
            return taken;
        }
        finally
        {
            lock (gate)
            {
                isReading = false;
                if (isClosed) Close();
            }
        }
    }

    /// <summary>Closes the source: at once, or when the thread that reads from it comes back.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (isClosed) return;
            isClosed = true;
        }
        stop.Cancel();
        lock (gate)
        {
            if (!isReading) Close();
        }
    }

    private void Close()
    {
        source?.Dispose();
        source = null;
    }

    /// <summary>Goes to where the plan begins.</summary>
    private void Place(CancellationToken cancellation)
    {
        long skipped = plan.Skipped;
        if (plan.Repeats && skipped > 0)
        {
            // Which pass that is in, nobody knows but the stream: it is read until it ends or comes to the place.
            long length = Length(skipped, cancellation);
            (pass, skipped) = (checked((int)(skipped / length)), skipped % length);
        }
        int size = Math.Max(1, plan.Buffer);
        blockNumber = skipped / size;
        OpenAt(blockNumber * size, cancellation);
        for (long rest = skipped % size; rest > 0 && TryTake(out _, cancellation); rest--) { }
    }

    /// <summary>Counts the examples of a pass; those of one that is longer than a number are as if without end.</summary>
    private long Length(long most, CancellationToken cancellation)
    {
        if (stream.OpensAnywhere)
        {
            OpenAt(most, cancellation);
            if (TryRead(out _, cancellation)) return long.MaxValue;
        }
        OpenAt(0, cancellation);
        while (Position <= most && TryRead(out _, cancellation)) { }
        return Position > most ? long.MaxValue : Position > 0 ? Position : throw Empty();
    }

    private void OpenAt(long position, CancellationToken cancellation)
    {
        source?.Dispose();
        source = null;
        (Position, isAtEnd) = (position, false);
        source = stream.Open(position, stop.Token, cancellation);
    }

    private bool TryRead([MaybeNullWhen(false)] out T item, CancellationToken cancellation)
    {
        if (isAtEnd || !source!.TryRead(out item, cancellation))
        {
            isAtEnd = true;
            item = default;
            return false;
        }
        Position++;
        return true;
    }

    private bool TryTake([MaybeNullWhen(false)] out T item, CancellationToken cancellation)
    {
        if (plan.Buffer <= 1 ? TryRead(out item, cancellation) : TryTakeShuffled(out item, cancellation)) return true;
        if (!plan.Repeats) return false;
        if (Position == 0) throw Empty();
        pass++;
        blockNumber = 0;
        OpenAt(0, cancellation);
        return TryTake(out item, cancellation);
    }

    private bool TryTakeShuffled([MaybeNullWhen(false)] out T item, CancellationToken cancellation)
    {
        if (given == order.Length)
        {
            while (ahead.Count < plan.Buffer && TryRead(out var more, cancellation)) ahead.Add(more);
            block = [.. ahead];
            ahead.Clear();
            var key = Augmentation.KeyOf(new LoaderState(plan.From.Seed, pass, 0)).At(0).At((ulong)blockNumber++);
            order = key.Generator().Permutation(block.Length);
            given = 0;
            if (block.Length == 0)
            {
                item = default;
                return false;
            }
        }
        if (TryRead(out var next, cancellation)) ahead.Add(next);
        ref var place = ref block[order[given++]];
        item = place;
        place = default!;               // what was given out may be large
        return true;
    }

    private static InvalidOperationException Empty() => new("the stream has no examples, and is to repeat them.");
}
