using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>
/// Hints of a teacher's hidden layer (Romero et al. 2015): the student's features, projected to the teacher's width, should be those of the
/// teacher. The projection is trained along with the student and not used afterwards.
/// </summary>
/// <example><code>
/// var hint = new FeatureHint(studentWidth: 32, teacherWidth: 128);
/// var optimizer = new Adam(student.Parameters().Concat(hint.Parameters()));
/// var loss = Loss.CrossEntropy(logits, y) + 0.1 * hint.Loss(features, teacherFeatures);
/// </code></example>
public sealed class FeatureHint : Module
{
    private readonly Linear projection;

    /// <summary>Makes the projection.</summary>
    /// <param name="studentWidth">The number of the student's features, or channels.</param>
    /// <param name="teacherWidth">That of the teacher's.</param>
    /// <param name="generator">The source of the starting values.</param>
    public FeatureHint(int studentWidth, int teacherWidth, Generator? generator = null)
        => projection = new Linear(studentWidth, teacherWidth, bias: false, generator);

    /// <summary>Projects features (N, width) or (N, width, …), place by place.</summary>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Rank <= 2 ? projection.Forward(x) : projection.Forward(x.MoveAxis(1, -1)).MoveAxis(-1, 1);
    }

    /// <summary>The mean squared error of the projected features.</summary>
    /// <param name="student">The student's features, (N, width, …).</param>
    /// <param name="teacher">The teacher's, of the same shape but for the width; a constant.</param>
    public Tensor Loss(Tensor student, Tensor teacher)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        return Nn.Loss.Mse(Forward(student), teacher.Detach());
    }
}
