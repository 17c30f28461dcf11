namespace DeepNet.Labs;

/// <summary>What an experiment is given: how large it may be, where its chance comes from, and somewhere to put what it finds.</summary>
internal sealed class LabContext
{
    private readonly Lab lab;
    private readonly string? mutation;
    private readonly HashSet<string> askedFor = [];
    private readonly List<LabItem> items = [];
    private readonly Action<LabItem>? seen;
    private readonly IProgress<double>? progress;

    /// <summary>
    /// A fresh one for one run. Starts <see cref="Generator.Default"/> at the seed, so that layers made without a generator are the same in
    /// every run.
    /// </summary>
    public LabContext(
        Lab lab, LabSize size = LabSize.Full, string? mutation = null, ulong seed = DefaultSeed, Action<LabItem>? seen = null,
            IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        if (mutation is not null && !lab.Mutations.Contains(mutation))
            throw new ArgumentException(
                $"lab {lab.Name} knows no mutation '{mutation}'. It has: {string.Join(", ", lab.Mutations.Select(m => $"'{m}'"))}.",
                nameof(mutation));
        (this.lab, this.mutation, this.seen, this.progress) = (lab, mutation, seen, progress);
        (Size, Seed, Cancellation) = (size, seed, cancellation);
        Random = new Generator(seed);
        Generator.SetSeed(seed);
    }

    public const ulong DefaultSeed = 1;

    /// <summary>Full for people, reduced for tests.</summary>
    public LabSize Size { get; }

    /// <summary>What all chance comes from.</summary>
    public ulong Seed { get; }

    /// <summary>A generator at the start of the seed.</summary>
    public Generator Random { get; }

    /// <summary>Stops the run.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>What was found, in order.</summary>
    public IReadOnlyList<LabItem> Items => items;

    /// <summary>The checks among it.</summary>
    public IEnumerable<CheckItem> Checks => items.OfType<CheckItem>();

    /// <summary>The mutations that the run asked for.</summary>
    public IReadOnlySet<string> AskedFor => askedFor;

    /// <summary>One value for a full run, another for a reduced one.</summary>
    public T Pick<T>(T full, T reduced) => Size == LabSize.Full ? full : reduced;

    /// <summary>
    /// The seeds of repeated trials, far enough apart that a trial may derive seeds of its own from each by adding small numbers.
    /// </summary>
    public IReadOnlyList<ulong> Seeds(int full, int reduced = 1)
        => [.. Enumerable.Range(0, Pick(full, reduced)).Select(i => Seed + 1000 * (ulong)i)];

    /// <summary>Whether the experiment is to be spoilt in this way; one of <see cref="Lab.Mutations"/>.</summary>
    public bool Mutated(string how)
    {
        if (!lab.Mutations.Contains(how))
            throw new InvalidOperationException($"lab {lab.Name} asks for the mutation '{how}', which is not among its Mutations.");
        askedFor.Add(how);
        return mutation == how;
    }

    /// <summary>The numbers 0 to count − 1, for a training loop: shows progress, and ends when the run is cancelled.</summary>
    public IEnumerable<int> Steps(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Cancellation.ThrowIfCancellationRequested();
            if (i % 16 == 0) progress?.Report((double)i / count);
            yield return i;
        }
    }

    /// <summary>A paragraph.</summary>
    public void Print(string text) => Add(new TextItem(text));

    /// <summary>A table. Numbers are best given as text, with the digits that mean something.</summary>
    public void Table(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows)
    {
        var all = rows.ToArray();
        foreach (var row in all)
            if (row.Count != headers.Count)
                throw new ArgumentException(
                    $"a table row has {row.Count} cells and there are {headers.Count} headers: {string.Join(" | ", row)}");
        Add(new TableItem(headers, all));
    }

    /// <summary>A figure, and what is to be seen in it.</summary>
    public void Figure(Figure figure, string caption) => Add(new FigureItem(figure, caption));

    /// <summary>Figures that follow each other, equally large: what happens step by step.</summary>
    /// <param name="frames">The label of each figure ("step 10"), and the figure.</param>
    /// <param name="caption">What is to be seen in them.</param>
    public void Frames(IEnumerable<(string Label, Figure Figure)> frames, string caption)
    {
        var all = frames.ToArray();
        Add(new FramesItem([.. all.Select(f => f.Figure)], [.. all.Select(f => f.Label)], caption));
    }

    /// <summary>A figure for each combination of some quantities, equally large; all are made at once.</summary>
    /// <param name="sliders">The quantities.</param>
    /// <param name="at">Makes the figure at the indices of the quantities.</param>
    /// <param name="caption">What is to be seen in them.</param>
    public void Sliders(IReadOnlyList<Slider> sliders, Func<int[], Figure> at, string caption)
    {
        IEnumerable<int[]> indices = [[]];
        foreach (var slider in sliders)
            indices = indices.SelectMany(i => Enumerable.Range(0, slider.Values.Count).Select(k => (int[])[.. i, k]));
        Add(new SlidersItem(sliders, [.. indices.Select(at)], caption));
    }

    /// <summary>
    /// The number on which the claim stands or falls. NaN always fails.
    /// </summary>
    /// <param name="what">The finding with its number, as it stands in the verdict: <c>$"{decades:0.0} decades per 10 layers"</c>.</param>
    /// <param name="value">The number.</param>
    /// <param name="atLeast">The least it must be.</param>
    /// <param name="atMost">The most it may be.</param>
    public void Check(string what, double value, double atLeast = double.NegativeInfinity, double atMost = double.PositiveInfinity)
    {
        if (double.IsNegativeInfinity(atLeast) && double.IsPositiveInfinity(atMost))
            throw new ArgumentException($"the check '{what}' has no bound: it would always hold.");
        Add(new CheckItem(what, value, atLeast, atMost));
    }

    private void Add(LabItem item)
    {
        Cancellation.ThrowIfCancellationRequested();
        items.Add(item);
        seen?.Invoke(item);
    }
}
