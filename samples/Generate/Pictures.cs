using DeepNet.Data;

namespace DeepNet.Samples.Generate;

/// <summary>Pictures of 16×16 pixels with values from 0 to 1, and the digits on them.</summary>
/// <param name="X">(N, 1, 16, 16).</param>
/// <param name="Y">(N,) of integers.</param>
internal sealed record Pictures(Tensor X, Tensor Y)
{
    public const int Side = 16, Pixels = Side * Side, Classes = 10;

    public int Count => Y.Shape[0];

    /// <summary>Reads a part of MNIST's files, of which 28×28 pixels get a margin and are halved.</summary>
    public static Pictures Load(string folder, bool train)
    {
        var (x, y) = Mnist.Load(folder, train).All();
        using var scope = Memory.Scope();
        return new(Memory.Keep(x.Pad([(2, 2), (2, 2)]).AvgPool2d(2)), Memory.Keep(y));
    }

    /// <summary>Chooses pictures at random, for a step.</summary>
    public Pictures Draw(int count, Generator chance)
    {
        var chosen = Tensor.RandInt(0, Count, new Shape(count), DType.Int64, generator: chance);
        return new(X.IndexSelect(0, chosen), Y.IndexSelect(0, chosen));
    }

    /// <summary>Gets the first pictures of each digit.</summary>
    public Pictures First(int ofEach)
    {
        long[] labels = Y.ToArray<long>();
        long[] chosen = [.. Enumerable.Range(0, Count).GroupBy(i => labels[i]).OrderBy(g => g.Key)
            .SelectMany(g => g.Take(ofEach)).Select(i => (long)i)];
        var places = Tensor.From<long>(chosen);
        return new(X.IndexSelect(0, places), Y.IndexSelect(0, places));
    }

    /// <summary>Gets these pictures and others.</summary>
    public Pictures With(Pictures others) => new(Tensor.Cat([X, others.X]), Tensor.Cat([Y, others.Y]));

    /// <summary>
    /// Gets how much pictures of one digit differ: the variance of their pixels, summed over pixels, as a mean over the digits. A generator
    /// that draws one good seven again and again has 0.
    /// </summary>
    public double Variety()
    {
        using var scope = Memory.Scope();
        long[] labels = Y.ToArray<long>();
        return Enumerable.Range(0, Count).GroupBy(i => labels[i]).Average(group =>
            X.IndexSelect(0, Tensor.From<long>([.. group.Select(i => (long)i)])).Flatten(1).Var(0).Sum().Item());
    }

    /// <summary>Gets labels, so many of each digit: 0, 0, … 9, 9.</summary>
    public static Tensor Labels(int ofEach)
        => Tensor.From<long>([.. Enumerable.Range(0, Classes * ofEach).Select(i => (long)(i / ofEach))]);
}
