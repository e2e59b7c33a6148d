# pyright: reportUnknownMemberType=false
# (Chainlit's decorators carry no types)
"""A bare Chainlit app: says back what was said."""

import chainlit as cl


@cl.on_message
async def echo(said: cl.Message) -> None:
    await cl.Message(content=f"You said: {said.content}").send()
