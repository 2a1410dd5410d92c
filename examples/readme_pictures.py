"""The two pictures of the README: spurious minima in a slice of weight space, and as a surface.

    python examples/readme_pictures.py docs/pictures

writes them; without a folder it only says what they show. The walls, the kinks and what each point is are exact.
"""

import sys
from pathlib import Path

from exactrelu import Problem
from exactrelu.pictures.catalogue import KINDS
from exactrelu.pictures.picture import Wishes

PICTURES = {
    "slice.svg": ("slice", "yun2018-three-point", Wishes(size=(5.4, 4.2))),
    "surface.svg": ("surface", "liu-two-samples", Wishes(size=(5.4, 4.2))),
}


def main(folder: Path | None) -> None:
    """Draw the pictures, without their captions: the README has its own."""
    for name, (kind, problem, wishes) in PICTURES.items():
        picture = KINDS[kind].draw(Problem.example(problem), wishes)
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            picture.save(str(folder / name), caption=False)
        print(f"{name}: {picture.caption}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
