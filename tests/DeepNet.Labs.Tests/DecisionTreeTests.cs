using DeepNet.Labs.Running;
using DeepNet.Training;

namespace DeepNet.Labs.Tests;

public class DecisionTreeTests
{
    [Fact]
    public void Every_branch_of_the_doctor_has_one_leaf()
        => Assert.Equal(Enum.GetValues<TrainingBranch>().Order(), DecisionTree.Leaves.Select(l => l.Branch).Order());

    [Fact]
    public void Every_leaf_says_what_to_try_and_names_labs_that_exist()
        => Assert.All(DecisionTree.Leaves, leaf =>
        {
            Assert.NotEmpty(leaf.Try);
            Assert.NotEmpty(leaf.Labs);
            Assert.Equal(leaf.Labs, leaf.Labs.Distinct());
            Assert.All(leaf.Labs, lab => Assert.True(Catalogue.Find(lab) is not null, $"there is no lab '{lab}'"));
        });
}
