namespace DeepNet.Nn;

/// <summary>x + f(x); with a shortcut s, s(x) + f(x).</summary>
/// <param name="body">f.</param>
/// <param name="shortcut">s, where f changes the shape; else x itself.</param>
public sealed class Residual(Module body, Module? shortcut = null) : Layer
{
    private readonly Module body = body ?? throw new ArgumentNullException(nameof(body));
    private readonly Module? shortcut = shortcut;

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        var y = body.Forward(x);
        var past = shortcut is null ? x : shortcut.Forward(x);
        if (!past.Shape.Equals(y.Shape))
            throw new ArgumentException(
                $"[residual] the body makes {y.Shape} of {x.Shape}, and what goes past it is {past.Shape}: they cannot be added. "
                + (shortcut is null ? "Give a shortcut that changes the shape likewise, such as a 1×1 convolution."
                : "Body and shortcut must agree."));
        return past + y;
    }
}
