namespace DeepNet.Analysis;

public static partial class Explain
{
    /// <summary>
    /// Covers one part of the input after the other, and computes by how much the score falls. Needs no gradient, and one forward pass for
    /// each part.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="x">The inputs: images (batch, channels, height, width), or vectors, of which single features are covered.</param>
    /// <param name="target">The class, one or one for each example; the one with the largest score if null.</param>
    /// <param name="window">The height and width of the part that is covered; 1 for vectors.</param>
    /// <param name="stride">The step from one window to the next; the window if null, so that none overlap. A last window is put at the
    /// border.</param>
    /// <param name="fill">The value of what is covered.</param>
    /// <param name="cancellation">Stops between windows.</param>
    /// <returns>For each pixel the mean fall of the windows that it lies in, in all of its channels.</returns>
    public static Attribution Occlusion(
        Func<Tensor, Tensor> model, Tensor x, Tensor? target = null, int window = 1, int? stride = null, double fill = 0,
        CancellationToken cancellation = default)
    {
        const string Method = "occlusion";
        Check(Method, model, x);
        if (x.Rank is not (2 or 4))
            throw new ArgumentException(
                $"[{Method}] the inputs are {x.Shape}; they must be vectors (batch, features) or images (batch, channels, height, width).",
                nameof(x));
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        int step = stride ?? window;
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        if (step > window)
            throw new ArgumentException(
                $"[{Method}] with a stride of {step} and windows of {window} some pixels are never covered.", nameof(stride));
        using var quiet = Autograd.NoGrad();
        var input = x.Detach();
        var images = x.Rank == 4 ? input : input.Reshape(x.Shape[0], 1, 1, x.Shape[1]);
        var (batch, channels, height, width) = (images.Shape[0], images.Shape[1], images.Shape[2], images.Shape[3]);
        int high = Math.Min(window, height), wide = Math.Min(window, width);
        var scores = Scores(Method, model, input);
        int[] targets = Targets(Method, scores, target);
        var whole = ScoresOf(scores, targets).To(DType.Float64);
        var falls = Tensor.Zeros(new Shape(batch, height, width), DType.Float64);
        var counts = Tensor.Zeros(new Shape(height, width), DType.Float64);
        foreach (int top in Starts(height, high, step))
            foreach (int left in Starts(width, wide, step))
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = Memory.Scope();
                var covered = images.Clone();
                covered[.., .., top..(top + high), left..(left + wide)] = fill;
                var fall = whole - ScoresOf(Scores(Method, model, covered.Reshape(x.Shape.Axes)), targets).To(DType.Float64);
                falls[.., top..(top + high), left..(left + wide)].AddInPlace(fall.To(Device.Cpu).Reshape(batch, 1, 1));
                counts[top..(top + high), left..(left + wide)].AddInPlace(1);
            }
        var values = (falls / counts).To(x.DType).To(x.Device);
        return new Attribution(
            Method, input, x.Rank == 4 ? values.Unsqueeze(1).Expand(batch, channels, height, width).Contiguous()
            : values.Reshape(x.Shape.Axes),
            targets, Numbers(whole));
    }

    private static IEnumerable<int> Starts(int length, int window, int step)
    {
        int at = 0;
        for (; at + window < length; at += step) yield return at;
        yield return length - window;
    }
}
