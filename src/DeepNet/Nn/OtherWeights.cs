namespace DeepNet.Nn;

/// <summary>Tensors that take the place of those in parameters and buffers while a function runs.</summary>
internal sealed class OtherWeights((object Part, Tensor Value)[] given)
{
    private readonly (object Part, Tensor Value)[] given = given;
    private readonly Func<IDisposable>? outer = ThreadContext.Current.Surroundings;

    /// <summary>Puts them in place until the result is disposed.</summary>
    public IDisposable Enter() => new Region(this, outer: null);

    // A function that runs again later needs all that surrounded it, from the outside in.
    private Region EnterAgain()
    {
        var around = outer?.Invoke();
        try
        {
            return new Region(this, around);
        }
        catch
        {
            around?.Dispose();
            throw;
        }
    }

    private static Tensor Exchange(object part, Tensor value)
        => part is Parameter parameter ? parameter.Exchange(value) : ((StateBuffer)part).Exchange(value);

    private sealed class Region : IDisposable
    {
        private readonly (object Part, Tensor Value)[] given;
        private readonly Tensor[] own;
        private readonly IDisposable? outer;
        private readonly Func<IDisposable>? before;
        private int count;

        public Region(OtherWeights weights, IDisposable? outer)
        {
            given = weights.given;
            own = new Tensor[given.Length];
            before = ThreadContext.Current.Surroundings;
            foreach (var (part, value) in given)
            {
                // The lock says whose the part is, to the thread that has it as often as it asks.
                if (!Monitor.TryEnter(part))
                {
                    Dispose();
                    throw new InvalidOperationException($"[with] another thread calls a module with another tensor in the place of {part}. "
                        + "Give each thread a Clone() of the module.");
                }
                own[count++] = Exchange(part, value);
            }
            this.outer = outer;
            ThreadContext.Current.Surroundings = weights.EnterAgain;
        }

        public void Dispose()
        {
            ThreadContext.Current.Surroundings = before;
            while (count > 0)
            {
                var part = given[--count].Part;
                Exchange(part, own[count]);
                Monitor.Exit(part);
            }
            outer?.Dispose();
        }
    }
}
