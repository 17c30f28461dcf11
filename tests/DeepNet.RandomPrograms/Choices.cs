namespace DeepNet.RandomPrograms;

/// <summary>A tensor that the program under construction has.</summary>
/// <param name="Var">The variable.</param>
/// <param name="Tensor">Its value in float64.</param>
/// <param name="Depends">True if it follows from a leaf, whether or not a gradient passes, or shares memory with what may.</param>
/// <param name="IsLeaf">True for a leaf that a gradient is asked for.</param>
internal sealed record Value(Var Var, Tensor Tensor, bool Depends, bool IsLeaf)
{
    private (double Min, double Max)? range;

    /// <summary>True if it follows from a leaf, whether or not a gradient passes, or shares memory with what may.</summary>
    public bool Depends { get; private set; } = Depends;

    public Shape Shape => Tensor.Shape;
    public int Rank => Tensor.Rank;

    /// <summary>True if random numbers are in it that another element type gets others of, so that its range is that of one type.</summary>
    public bool IsDrawn { get; private set; }

    /// <summary>Forgets the range, where the elements may have been written over.</summary>
    public void Forget(bool isDrawn, bool depends = false)
    {
        range = null;
        Depends |= depends;
        IsDrawn |= isDrawn;
    }

    /// <summary>True for a floating-point value between two numbers, whatever the element type.</summary>
    public bool IsWithin(double low, double high)
        => Tensor.DType.IsFloating() && Range.Min >= low && Range.Max <= high && (!IsDrawn || (low <= Choices.Low && high >= Choices.High));

    public (double Min, double Max) Range => range ??= Tensor.Count == 0 ? (0, 0)
        : (Tensor.Min().Item<double>(), Tensor.Max().Item<double>());
}

/// <summary>
/// The program under construction, and the choices that operators' arguments are made of. What an operator needs and the program
/// does not have, a leaf or indices, is added to it.
/// </summary>
internal sealed class Choices(Random random, Catalog catalog, bool isLarge)
{
    // Nearer to a kink than this, a finite difference of the smallest step could cross it.
    private const double Nearest = 1e-4;

    /// <summary>The range within which most operators take any number.</summary>
    public const double Low = -6, High = 6;

    private readonly Run run = Run.Empty();
    private readonly List<Value> values = [];
    private int nextId;

    public List<Step> Steps { get; } = [];

    /// <summary>Gets the most elements that a result may have.</summary>
    public int MostElements => isLarge ? 400_000 : 400;

    public bool IsLarge => isLarge;

    public bool IsSmooth { get; private set; } = true;

    /// <summary>Gets a value indicating whether there is a detached tensor, which shares memory with the one that it was.</summary>
    public bool HasDetached => Steps.Any(s => s is Call { Operation: { IsCut: true, Method.Name: "Detach" } });

    public int Int(int low, int high) => random.Next(low, high + 1);
    public bool Coin(double p = 0.5) => random.NextDouble() < p;
    public T Of<T>(params ReadOnlySpan<T> items) => items[random.Next(items.Length)];
    public Seed Seed() => new(random.Next(1, 10_000));

    /// <summary>A number with few digits, so that printed programs read well.</summary>
    public double Real(double low, double high) => Math.Round(low + (high - low) * random.NextDouble(), 2);

    /// <summary>The place to come back to when a choice turns out not to fit.</summary>
    public (int, int, int, bool) Mark() => (Steps.Count, values.Count, nextId, IsSmooth);

    public void Rewind((int Steps, int Values, int Id, bool IsSmooth) mark)
    {
        for (int i = mark.Steps; i < Steps.Count; i++) run.Forget(Steps[i].Id);
        Steps.RemoveRange(mark.Steps, Steps.Count - mark.Steps);
        values.RemoveRange(mark.Values, values.Count - mark.Values);
        (nextId, IsSmooth) = (mark.Id, mark.IsSmooth);
    }

    /// <summary>A new leaf.</summary>
    public Value Leaf(int[] shape, double low = -2, double high = 2, double gradient = 0.85)
        => Add(new Leaf(nextId++, shape, low, high, random.Next(1, 10_000), Coin(gradient)))[0];

    /// <summary>Calls an operator of the catalog as part of the choice for another one.</summary>
    public Value Emit(string operation, params object?[] arguments) => Emit(catalog[operation], arguments)[0];

    public Value[] Emit(Operation operation, object?[] arguments) => Add(new Call(nextId++, operation, [.. arguments.Select(Plain)]));

    private static object? Plain(object? argument) => argument switch
    {
        Value v => v.Var,
        Value[] vs => vs.Select(v => v.Var).ToArray(),
        object?[] parts => parts.Select(p => Plain(p)!).ToArray(),
        _ => argument,
    };

    private Value[] Add(Step step)
    {
        bool depends = step is Leaf { RequiresGrad: true } or Call { Operation: { IsLayer: true } or { IsCut: true } }
            || step.Inputs.Any(v => values.First(x => x.Var == v).Depends);
        var results = run.Execute(step);
        Steps.Add(step);
        Value[] made = [.. results.Select((t, i) => new Value(new(step.Id, i), t, depends, step is Leaf { RequiresGrad: true }))];
        bool isDrawn = step is Call call && call.Arguments.Any(a => a is RandomPrograms.Seed or LayerOptions);
        if (step is Call { Operation.IsInPlace: true }) values.ForEach(v => v.Forget(isDrawn && !v.Depends, depends));
        isDrawn |= step.Inputs.Any(v => values.First(x => x.Var == v).IsDrawn);
        foreach (var value in made) value.Forget(isDrawn);
        values.AddRange(made);
        return made;
    }

    /// <summary>A floating-point value within a range, of at least a rank; a new leaf where none is there, and sometimes else.</summary>
    public Value Float(double low = Low, double high = High, int rank = 0, Func<Value, bool>? where = null)
    {
        Value[] fit = [.. values.Where(v => v.IsWithin(low, high) && v.Rank >= rank && (where is null || where(v)))];
        return fit.Length > 0 && Coin(0.85) ? fit[Math.Max(random.Next(fit.Length), random.Next(fit.Length))]
            : Leaf(Shape(rank, Math.Max(rank, 4)), Math.Max(low, -2), Math.Min(high, 2));
    }

    /// <summary>A floating-point value of exactly this rank.</summary>
    public Value OfRank(int rank, double low = Low, double high = High, Func<Shape, bool>? where = null, Func<int[]>? shape = null)
    {
        Value[] fit = [.. values.Where(v => v.IsWithin(low, high) && v.Rank == rank && v.Tensor.Count > 0
            && (where is null || where(v.Shape)))];
        return fit.Length > 0 && Coin(0.8) ? fit[random.Next(fit.Length)]
            : Leaf(shape?.Invoke() ?? Shape(rank, rank), Math.Max(low, -2), Math.Min(high, 2));
    }

    /// <summary>A floating-point value that no leaf has a part in.</summary>
    public Value Constant(int rank = 0)
    {
        Value[] fit = [.. values.Where(v => v.Tensor.DType.IsFloating() && v.Rank >= rank && !v.Depends)];
        return fit.Length > 0 && Coin(0.7) ? fit[random.Next(fit.Length)] : Leaf(Shape(rank, Math.Max(rank, 4)), gradient: 0);
    }

    /// <summary>Indices, labels or a condition that are there and that no leaf has a part in.</summary>
    public Value? Discrete()
    {
        Value[] fit = [.. values.Where(v => v.Tensor.DType is DType.Int64 or DType.Bool && !v.Depends && v.Tensor.IsContiguous)];
        return fit.Length > 0 ? fit[random.Next(fit.Length)] : null;
    }

    /// <summary>A value of exactly this shape.</summary>
    public Value Like(Shape shape, double low = Low, double high = High, double gradient = 0.85)
    {
        Value[] fit = [.. values.Where(v => v.IsWithin(low, high) && v.Shape.Equals(shape))];
        return fit.Length > 0 && Coin(0.6) ? fit[random.Next(fit.Length)]
            : Leaf([.. shape], Math.Max(low, -2), Math.Min(high, 2), gradient);
    }

    /// <summary>A value that broadcasts with another one.</summary>
    public Value Partner(Value x, double low = Low, double high = High)
    {
        Value[] fit = [.. values.Where(v => v.IsWithin(low, high) && Broadcasts(v.Shape, x.Shape)
            && Joint(v.Shape, x.Shape) <= MostElements)];
        if (fit.Length > 0 && Coin(0.6)) return fit[random.Next(fit.Length)];
        int[] shape = [.. x.Shape.Skip(Int(0, x.Rank)).Select(n => Coin(0.3) ? 1 : n)];
        return Leaf(Coin() ? [.. x.Shape] : shape, Math.Max(low, -2), Math.Min(high, 2));
    }

    /// <summary>A condition of a shape that broadcasts with the value's.</summary>
    public Value Mask(Value x) => Mask([.. x.Shape.Skip(Coin(0.8) ? 0 : Int(0, x.Rank)).Select(n => Coin(0.15) ? 1 : n)]);

    public Value Mask(int[] shape)
    {
        Value[] fit = [.. values.Where(v => v.Tensor.DType == DType.Bool && v.Shape.SequenceEqual(shape))];
        return fit.Length > 0 && Coin() ? fit[random.Next(fit.Length)] : Emit("Tensor.Equal(Scalar)", Indices(shape, 2), 1);
    }

    /// <summary>A condition of any shape.</summary>
    public Value Bool()
    {
        Value[] fit = [.. values.Where(v => v.Tensor.DType == DType.Bool)];
        return fit.Length > 0 && Coin(0.7) ? fit[random.Next(fit.Length)] : Mask(Shape(0, 4));
    }

    /// <summary>Whole numbers from 0 to below a limit.</summary>
    public Value Indices(int[] shape, int below) =>
        Emit("Tensor.RandInt(long, long, Shape, DType, Device, Generator)", 0, below, shape, DType.Int64, null, Seed());

    /// <summary>Integers of one byte of any shape: drawn, or what came of others.</summary>
    public Value Bytes() => Bytes(Shape(0, 3));

    /// <summary>Integers of one byte.</summary>
    public Value Bytes(int[] shape)
    {
        Value[] fit = [.. values.Where(v => v.Tensor.DType is DType.UInt8 or DType.Int8 && v.Shape.SequenceEqual(shape))];
        if (fit.Length > 0 && Coin()) return fit[random.Next(fit.Length)];
        var type = Of(DType.UInt8, DType.Int8);
        int low = type == DType.Int8 ? -5 : 0;
        return Emit("Tensor.RandInt(long, long, Shape, DType, Device, Generator)", low, 6, shape, type, null, Seed());
    }

    /// <summary>An order of the places along an axis, another one for each line: indices without repetition.</summary>
    public Value Orders(Shape shape, int axis) => Emit("Tensor.ArgSort(int, bool)", Leaf([.. shape], gradient: 0), axis, false);

    public int Axis(Value x) => Int(-x.Rank, x.Rank - 1);

    /// <summary>One of an axis's two names.</summary>
    public int Named(Value x, int axis) => Coin(0.3) ? axis - x.Rank : axis;

    public int[] Axes(Value x)
    {
        int[] axes = [.. Enumerable.Range(0, x.Rank).Where(_ => Coin())];
        return axes.Length > 0 || x.Rank == 0 ? axes : [Int(0, x.Rank - 1)];
    }

    public int[] Order(int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        random.Shuffle(order);
        return order;
    }

    /// <summary>A shape; a large one has enough elements that kernels share the work among threads.</summary>
    public int[] Shape(int least, int most)
    {
        int rank = Math.Clamp(Of(0, 1, 1, 2, 2, 2, 2, 3, 3, 4), least, most);
        int[] shape = new int[rank];
        if (!isLarge)
        {
            int left = 120;
            for (int i = 0; i < rank; i++)
            {
                shape[i] = Coin(0.01) ? 0 : Math.Min(Math.Max(1, left), Of(1, 2, 2, 3, 3, 4, 5, 7));
                left /= Math.Max(1, shape[i]);
            }
            return shape;
        }
        double total = Math.Exp(Math.Log(40_000) + random.NextDouble() * Math.Log(4));
        for (int i = 0; i < rank; i++)
        {
            double share = i == rank - 1 ? 1 : random.NextDouble();
            shape[i] = (int)Math.Max(1, Math.Round(Math.Pow(total, share)));
            total = Math.Max(1, total / shape[i]);
        }
        random.Shuffle(shape);
        return shape;
    }

    /// <summary>False if the value comes too near a kink to be judged; a large one does as a rule, and ends the judging instead.</summary>
    public bool IsAway(Value x, Func<double, double> distance)
        => x.Tensor.Count == 0 || Settle(x.Tensor.ToArray<double>().Min(v => distance(v)) > Nearest);

    /// <summary>The same for the differences between a value's elements: who is the largest must not be a close call.</summary>
    public bool IsDistinct(Tensor x)
    {
        double[] sorted = [.. x.ToArray<double>().Order()];
        bool isDistinct = true;
        for (int i = 1; i < sorted.Length; i++) isDistinct &= sorted[i] - sorted[i - 1] > Nearest / 3;
        return Settle(isDistinct);
    }

    public bool IsAbove(Tensor x, double least) => x.Count == 0 || Settle(x.Min().Item<double>() > least);

    private bool Settle(bool isFine)
    {
        if (!isFine && isLarge) IsSmooth = false;
        return isFine || isLarge;
    }

    public static bool Broadcasts(Shape a, Shape b)
    {
        for (int i = 1; i <= Math.Min(a.Rank, b.Rank); i++)
            if (a[^i] != b[^i] && a[^i] != 1 && b[^i] != 1) return false;
        return true;
    }

    private static double Joint(Shape a, Shape b)
    {
        double count = 1;
        for (int i = 1; i <= Math.Max(a.Rank, b.Rank); i++) count *= Math.Max(i <= a.Rank ? a[^i] : 1, i <= b.Rank ? b[^i] : 1);
        return count;
    }
}
