using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>
/// A network that rises or falls in chosen features, whatever its weights: price in area, risk in dose. Weights from those features on are
/// not negative, and activations rise; other features enter through weights of any sign.
/// </summary>
/// <example><code>
/// var model = new MonotoneNetwork([+1, -1, 0], hidden: 32);      // rises in the first feature, falls in the second
/// </code></example>
public sealed class MonotoneNetwork : Module
{
    private readonly Linear? free;
    private readonly Linear monotone;
    private readonly Linear[] layers;
    [StateName("signs")]
    private readonly StateBuffer signs;
    private readonly long[] bound, unbound;

    /// <summary>Makes the network.</summary>
    /// <param name="directions">For each feature 1 if the output rises in it, −1 if it falls, 0 if it may do anything.</param>
    /// <param name="hidden">The width of the layers inside.</param>
    /// <param name="depth">The number of layers inside.</param>
    /// <param name="outputs">The number of outputs, each of which rises and falls so.</param>
    /// <param name="generator">The source of the starting values.</param>
    public MonotoneNetwork(IReadOnlyList<int> directions, int hidden = 32, int depth = 2, int outputs = 1, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(directions);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hidden);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(depth);
        if (directions.All(d => d == 0) || directions.Any(d => d is < -1 or > 1))
            throw new ArgumentException("[monotone_network] directions are 1, −1 and 0, and one of them at least is not 0.",
                nameof(directions));
        Features = directions.Count;
        bound = [.. Enumerable.Range(0, Features).Where(i => directions[i] != 0).Select(i => (long)i)];
        unbound = [.. Enumerable.Range(0, Features).Where(i => directions[i] == 0).Select(i => (long)i)];
        signs = new StateBuffer(Tensor.From<float>([.. bound.Select(i => (float)directions[(int)i])]));
        monotone = Rising(bound.Length, hidden, generator);
        if (unbound.Length > 0) free = new Linear(unbound.Length, hidden, bias: false, generator);
        layers = [.. Enumerable.Range(1, depth).Select(i => Rising(hidden, i == depth ? outputs : hidden, generator))];
    }

    /// <summary>Gets the number of features.</summary>
    public int Features { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Rank == 0 || x.Shape[^1] != Features)
            throw new ArgumentException($"[monotone_network] expects (..., {Features}), got {x.Shape}.");
        var y = monotone.Forward(Columns(x, bound) * signs);
        if (free is not null) y = y + free.Forward(Columns(x, unbound));
        foreach (var layer in layers) y = layer.Forward(y.Tanh());
        return y;
    }

    // Weights of the usual size, without their signs. Biases spread the bends of the curve over the data.
    private static Linear Rising(int inputs, int outputs, Generator? generator)
    {
        var layer = new Linear(inputs, outputs, generator: generator);
        var weight = layer.Weight.Value.Detach();
        weight.CopyFrom(weight.Abs());
        layer.Weight.Parametrize(new NonNegative());
        return layer;
    }

    private static Tensor Columns(Tensor x, long[] columns) => x.IndexSelect(-1, Tensor.From<long>(columns).To(x.Device));
}
