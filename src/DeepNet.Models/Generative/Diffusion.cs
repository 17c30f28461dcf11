namespace DeepNet.Models;

/// <summary>
/// Denoising diffusion (Ho et al. 2020): noise is added to pictures in many small steps until nothing else is left, a network learns to see
/// the noise in a picture, and pictures are made of noise by taking it away again.
/// </summary>
/// <remarks>
/// With ᾱ the product of 1 − β up to a step, a picture of that step is √ᾱ·x + √(1 − ᾱ)·noise. Pictures have values in [−1, 1].
/// </remarks>
/// <example><code>
/// var diffusion = Diffusion.Linear();
/// diffusion.Loss(model.Forward, images).Backward();
/// var made = diffusion.Sample(model.Forward, new Shape(16, 1, 28, 28), steps: 50, eta: 0);
/// </code></example>
public sealed class Diffusion
{
    private readonly double[] betas, kept;

    private Diffusion(double[] betas)
    {
        this.betas = betas;
        kept = new double[betas.Length];
        double product = 1;
        for (int t = 0; t < betas.Length; t++) kept[t] = product *= 1 - betas[t];
    }

    /// <summary>Makes the process in which β grows evenly.</summary>
    public static Diffusion Linear(int steps = 1000, double first = 1e-4, double last = 0.02)
    {
        Check(steps);
        return new([.. Enumerable.Range(0, steps).Select(t => first + (last - first) * t / Math.Max(1, steps - 1))]);
    }

    /// <summary>Makes the process in which ᾱ falls as a squared cosine (Nichol and Dhariwal 2021), slower at both ends.</summary>
    public static Diffusion Cosine(int steps = 1000)
    {
        Check(steps);
        double Share(double t) => Math.Pow(Math.Cos((t / steps + 0.008) / 1.008 * Math.PI / 2), 2);
        return new([.. Enumerable.Range(0, steps).Select(t => Math.Min(1 - Share(t + 1) / Share(t), 0.999))]);
    }

    /// <summary>Gets β, the share of the variance that each step replaces by noise.</summary>
    public IReadOnlyList<double> Betas => betas;

    /// <summary>Gets ᾱ, the share of a picture's variance that is left after each step.</summary>
    public IReadOnlyList<double> Kept => kept;

    /// <summary>Computes pictures with the noise of their steps.</summary>
    /// <param name="x">The pictures, (N, …).</param>
    /// <param name="noise">Standard normal numbers of their shape.</param>
    /// <param name="steps">(N,) of integers, the step of each from 0 on.</param>
    public Tensor AddNoise(Tensor x, Tensor noise, Tensor steps)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(noise);
        return x * At(kept.Select(Math.Sqrt), steps, x) + noise * At(kept.Select(share => Math.Sqrt(1 - share)), steps, x);
    }

    /// <summary>Computes the mean squared error of the noise that a network sees in pictures of random steps.</summary>
    /// <param name="model">The network: pictures and their steps → the noise in them.</param>
    /// <param name="x">The pictures, (N, …).</param>
    /// <param name="generator">The source of steps and noise.</param>
    public Tensor Loss(Func<Tensor, Tensor, Tensor> model, Tensor x, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(x);
        var steps = Tensor.RandInt(0, betas.Length, new Shape(x.Shape[0]), DType.Int64, x.Device, generator);
        var noise = Tensor.Randn(x.Shape, x.DType, x.Device, generator);
        return Nn.Loss.Mse(model(AddNoise(x, noise, steps), steps), noise);
    }

    /// <summary>
    /// Makes pictures of noise. At each step what the network sees gives an estimate of the final picture, and the next picture lies
    /// between that and the present one.
    /// </summary>
    /// <param name="model">The network: pictures and their steps → the noise in them.</param>
    /// <param name="shape">(N, …).</param>
    /// <param name="steps">The number of steps to take, fewer than those of training to be faster; null for all.</param>
    /// <param name="eta">
    /// The share of new noise: 1, with all steps, is the sampler of DDPM; 0 is DDIM (Song et al. 2020), which goes straight on and is
    /// better with few steps.
    /// </param>
    /// <param name="clip">True to keep the estimate within [−1, 1], as pictures are.</param>
    /// <param name="generator">The source of noise.</param>
    /// <param name="device">The device of the model; the CPU if null.</param>
    public Tensor Sample(
        Func<Tensor, Tensor, Tensor> model, Shape shape, int? steps = null, double eta = 1, bool clip = true, Generator? generator = null,
        Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(shape);
        int count = steps ?? betas.Length;
        if (count < 1 || count > betas.Length)
            throw new ArgumentException($"[diffusion] {count} steps: there must be 1 at least, and {betas.Length} at most.");
        using var off = Autograd.NoGrad();
        var x = Tensor.Randn(shape, DType.Float32, device, generator);
        for (int i = count; i > 0; i--)
        {
            using var scope = Memory.Scope();
            int t = Time(i, count);
            double now = kept[t], next = i > 1 ? kept[Time(i - 1, count)] : 1;
            var noise = model(x, Tensor.Full(new Shape(shape[0]), t, DType.Int64, device));
            var picture = (x - Math.Sqrt(1 - now) * noise) / Math.Sqrt(now);
            if (clip)
            {
                picture = picture.Clamp(-1, 1);
                noise = (x - Math.Sqrt(now) * picture) / Math.Sqrt(1 - now);
            }
            double fresh = eta * Math.Sqrt((1 - next) / (1 - now) * (1 - now / next));
            var y = Math.Sqrt(next) * picture + Math.Sqrt(Math.Max(0, 1 - next - fresh * fresh)) * noise;
            if (fresh > 0) y = y + fresh * Tensor.Randn(shape, DType.Float32, device, generator);
            x.Dispose();
            x = Memory.Keep(y);
        }
        return x;
    }

    // The place of the i-th of count steps among those of training; the last is the last.
    private int Time(int i, int count) => (int)((long)i * betas.Length / count) - 1;

    // A number for each picture, to be multiplied with it.
    private static Tensor At(IEnumerable<double> values, Tensor steps, Tensor x)
    {
        int[] shape = new int[x.Rank];
        Array.Fill(shape, 1);
        shape[0] = -1;
        return Tensor.From<double>([.. values]).To(x.DType).To(x.Device).IndexSelect(0, steps).Reshape(shape);
    }

    private static void Check(int steps)
    {
        if (steps < 1) throw new ArgumentException($"[diffusion] {steps} steps: there must be 1 at least.");
    }
}
