namespace DeepNet;

/// <summary>
/// A source of random numbers: a seed, and a counter of how much of its stream was used. What is drawn depends on these two
/// alone, not on the device, the vector width or the number of threads.
/// </summary>
/// <remarks>
/// <para>A draw of n elements reserves the next blocks of four 32-bit words of the <see cref="Philox"/> stream: n/4 of them where an
/// element takes one word (float32, float16 and bfloat16 numbers, and coins), n/2 where it takes two (float64 numbers, integers and
/// permutations), rounded up; for normals n is first rounded up to a multiple of 32, because they come in pairs. Element i is then a
/// function of the key, the first block, and i. Gamma and Poisson numbers take a block each, and as many more as they need from the upper
/// half of its counter; they are drawn on the processor for all devices, in float64. Uniform numbers and integers are the same to the last
/// bit everywhere; normals may differ in their last bits where a device rounds logarithms and cosines differently.</para>
/// <para>Any number of threads may draw from one generator: each gets a part of the stream that no other gets. Which thread gets
/// which is a race, though; where runs must repeat, give every thread its own generator from <see cref="Split"/>.</para>
/// </remarks>
public sealed class Generator
{
    // The upper half of the counter keeps what is drawn apart from what keys are made of.
    private const ulong Draws = 0, Keys = 1;

    /// <summary>From here on it counts the blocks of single elements; see <see cref="ElementStream"/>.</summary>
    internal const ulong Elements = 2;

    private static readonly Generator OfProcess = new(0);
    [ThreadStatic] private static Generator? ofThread;

    private readonly Lock gate = new();
    private GeneratorState state;

    /// <summary>
    /// A generator at the start of the stream of a seed. Equal seeds give equal numbers, neighbouring seeds unrelated ones.
    /// </summary>
    public Generator(ulong seed) : this(new GeneratorState(seed, 0)) { }

    /// <summary>A generator that goes on where another one was when its <see cref="State"/> was read.</summary>
    public Generator(GeneratorState state) => this.state = state;

    /// <summary>
    /// The generator that is used where none is given. It starts with seed 0: programs repeat themselves unless told otherwise.
    /// </summary>
    public static Generator Default => ofThread ?? OfProcess;

    /// <summary>Gives this thread a <see cref="Default"/> of its own, where threads stand for processes; null takes it away.</summary>
    internal static void SetDefaultOfThread(Generator? generator) => ofThread = generator;

    /// <summary>Starts <see cref="Default"/> again with a seed.</summary>
    public static void SetSeed(ulong seed) => Default.State = new(seed, 0);

    /// <summary>Gets or sets the position of the generator in its stream. Setting it makes the generator go on from there.</summary>
    public GeneratorState State
    {
        get
        {
            lock (gate) return state;
        }
        set
        {
            DrawLog.Current?.StateIsSet();
            lock (gate) state = value;
        }
    }

    /// <summary>
    /// New generators whose streams have nothing to do with each other or with this one: one for every thread, worker or layer. They
    /// depend on this generator's state only, which moves on, so that the next split gives others.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public Generator[] Split(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var at = Reserve((ulong)count);
        var parts = new Generator[count];
        for (int i = 0; i < count; i++) parts[i] = new(Word(Keys, at, (ulong)i));
        return parts;
    }

    /// <summary>64 random bits; takes one block.</summary>
    public ulong NextUInt64() => Word(Draws, Reserve(1), 0);

    /// <summary>A number in [0, 1), a multiple of 2⁻⁵³; takes one block.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Takes blocks out of the stream for one draw, and tells where they start.</summary>
    internal RandomSource Reserve(ulong blocks)
        => DrawLog.Current is { } log ? log.Draw(this, blocks) : Take(blocks);

    /// <summary>The same, past any <see cref="DrawLog"/>.</summary>
    internal RandomSource Take(ulong blocks)
    {
        lock (gate)
        {
            var start = state;
            state = start with { Counter = unchecked(start.Counter + blocks) };
            return new RandomSource(start.Key, start.Counter);
        }
    }

    private static ulong Word(ulong purpose, RandomSource at, ulong block)
    {
        var (x0, x1, _, _) = Philox.Block(at.Key, purpose, unchecked(at.Counter + block));
        return (ulong)x1 << 32 | x0;
    }
}
