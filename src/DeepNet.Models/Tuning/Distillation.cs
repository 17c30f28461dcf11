using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>Losses of a student that learns from a teacher (Hinton et al. 2015).</summary>
/// <example><code>
/// using (Autograd.NoGrad()) answers = teacher.Forward(x);
/// Distillation.Loss(student.Forward(x), answers, y, temperature: 4).Backward();
/// </code></example>
public static class Distillation
{
    /// <summary>
    /// T² times the Kullback-Leibler divergence of the teacher's probabilities from the student's, both softened by a temperature T; a mean
    /// over examples. The factor keeps gradients of the same size for any temperature.
    /// </summary>
    /// <param name="student">The logits of the student, (N, classes, …).</param>
    /// <param name="teacher">Those of the teacher, of the same shape; a constant.</param>
    /// <param name="temperature">T: the higher, the more the classes that the teacher thinks unlikely count.</param>
    public static Tensor SoftTargets(Tensor student, Tensor teacher, double temperature = 4)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(teacher);
        if (!(temperature > 0))
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "[soft_targets] the temperature must be positive.");
        if (student.Rank < 2 || !student.Shape.Equals(teacher.Shape))
            throw new ArgumentException(
                $"[soft_targets] the student's logits are {student.Shape}, the teacher's {teacher.Shape}: both must be "
                + "(N, classes, …) of the same shape.");
        var soft = (teacher.Detach() / temperature).LogSoftmax(1);
        var divergence = (soft.Exp() * (soft - (student / temperature).LogSoftmax(1))).Sum(1);
        return divergence.Mean() * (temperature * temperature);
    }

    /// <summary>The cross-entropy with the labels, mixed with <see cref="SoftTargets"/>.</summary>
    /// <param name="student">The logits of the student, (N, classes, …).</param>
    /// <param name="teacher">Those of the teacher, of the same shape; a constant.</param>
    /// <param name="target">Labels, as <see cref="Nn.Loss.CrossEntropy(Tensor, Tensor)"/> takes them.</param>
    /// <param name="temperature">T.</param>
    /// <param name="share">The share of the soft targets, from 0 to 1.</param>
    public static Tensor Loss(Tensor student, Tensor teacher, Tensor target, double temperature = 4, double share = 0.9)
    {
        if (!(share is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "[distillation] the share must be from 0 to 1.");
        return share * SoftTargets(student, teacher, temperature) + (1 - share) * Nn.Loss.CrossEntropy(student, target);
    }
}
