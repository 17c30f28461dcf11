using DeepNet.Nn;

namespace DeepNet.Analysis;

public static partial class Explain
{
    /// <summary>
    /// Computes where a convolutional network saw a class (Grad-CAM): the channels of a layer, each weighted with its mean gradient, added
    /// up, without what speaks against the class, and enlarged to the image.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="layer">The layer: usually the last convolution, whose output is (batch, channels, height, width).</param>
    /// <param name="x">The images, (batch, channels, height, width).</param>
    /// <param name="target">The class, one or one for each example; the one with the largest score if null.</param>
    /// <returns>Shares with one channel, (batch, 1, height, width), none negative.</returns>
    public static Attribution GradCam(Func<Tensor, Tensor> model, Layer layer, Tensor x, Tensor? target = null)
    {
        const string Method = "grad-cam";
        Check(Method, model, x);
        ArgumentNullException.ThrowIfNull(layer);
        if (x.Rank != 4)
            throw new ArgumentException(
                $"[{Method}] the inputs are {x.Shape}; they must be images (batch, channels, height, width).", nameof(x));
        using var recording = Autograd.EnableGrad();
        Tensor? maps = null;
        // What the layer gives starts the graph anew, so that there is a gradient even where no parameter wants one.
        using var hook = layer.RegisterForwardHook((_, _, y) => maps = y.Detach().Clone().WithGrad());
        var scores = Scores(Method, model, x.Detach());
        if (maps is not { Rank: 4 })
            throw new InvalidOperationException(maps is null
                ? $"[{Method}] the model did not call the layer {layer.Description}."
                : $"[{Method}] the layer {layer.Description} gives {maps.Shape}; it must give images (batch, channels, height, width).");
        int[] targets = Targets(Method, scores, target);
        var chosen = ScoresOf(scores, targets);
        var gradient = Gradient(Method, chosen, maps);
        using var quiet = Autograd.NoGrad();
        var weights = gradient.Mean([2, 3], keepDim: true);
        var seen = (weights * maps.Detach()).Sum(1, keepDim: true).Relu();
        var values = seen.Interpolate([x.Shape[2], x.Shape[3]], InterpolationMode.Linear);
        return new Attribution(Method, x.Detach(), values, targets, Numbers(chosen));
    }
}
